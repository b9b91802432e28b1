import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (services: string) => {
  const { diagnostics, model } = await readProject(
    memoryProject({ 'compose.yaml': `services:\n${services}` }),
  );
  return {
    services: model?.services ?? [],
    problems: diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message, range }) => `${range?.line}:${range?.column} ${message}`),
  };
};
const main = (extension: string, more = ''): string =>
  `  main:\n    image: busybox\n    x-flotilla: ${extension}\n${more}`;

describe('x-flotilla.control and x-flotilla.replicas', () => {
  it('are read', async () => {
    const { services, problems } = await read(
      `${main('{ control: true }')}  worker:\n    image: busybox\n    x-flotilla: { replicas: { min: 0, max: 9 } }\n  other:\n    image: busybox\n    x-flotilla: { role: worker, replicas: { max: 2 }, control: false }\n`,
    );
    expect(problems).toEqual([]);
    expect(services.map(({ control, scaleRange }) => [control, scaleRange])).toEqual([
      [true, undefined],
      [undefined, { min: 0, max: 9 }],
      [undefined, { min: 1, max: 2 }],
    ]);
  });

  it.each<[string, string[]]>([
    [
      main('{ control: maybe }'),
      ['4:28 main: x-flotilla.control must be true or false, not the text “maybe”.'],
    ],
    [
      main('{ role: worker, control: true }'),
      ['4:42 main: only main may have a control door, and this is a worker.'],
    ],
    [
      `${main('{ role: main, control: true }')}  lead:\n    image: busybox\n    x-flotilla: { role: main, control: true }\n`,
      ['7:40 lead: an app has one control door.'],
    ],
    [
      main('{ control: true }', '    network_mode: host\n'),
      ['5:19 main: with network_mode: host there is no way to a control door.'],
    ],
    [
      main('{ role: main, control: true }', '    scale: 2\n'),
      ['4:40 main: a control door is for one container.'],
    ],
    [
      main('{ control: true }', '    environment:\n      FLOTILLA_CONTROL_TOKEN: abc\n'),
      ['6:7 main: FLOTILLA_CONTROL_TOKEN is what Flotilla sets.'],
    ],
    [main('{ replicas: 3 }'), ['4:29 main: x-flotilla.replicas must be a mapping, not 3.']],
    [
      main('{ replicas: { min: 1 } }'),
      ['4:29 main: x-flotilla.replicas needs max, the most replicas that main may ask for.'],
    ],
    [main('{ replicas: { min: 5, max: 2 } }'), ['4:36 main: x-flotilla.replicas: min 5 is more than max 2.']],
    [
      main('{ replicas: { max: 1.5 } }'),
      ['4:36 main: x-flotilla.replicas.max must be a whole number from 1 to 1000, not 1.5.'],
    ],
    [main('{ replicas: { max: 2, mim: 1 } }'), ['4:39 main: x-flotilla.replicas has no “mim”.']],
  ])('are refused where they stand: %#', async (services, problems) => {
    expect((await read(services)).problems).toEqual(problems);
  });
});
