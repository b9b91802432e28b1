import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (requirements: string, files: Record<string, string> = {}) => {
  const compose = `services:\n  worker:\n    image: busybox\nx-flotilla:\n  requirements: ${requirements}\n`;
  const { diagnostics, model } = await readProject(memoryProject({ 'compose.yaml': compose, ...files }));
  return {
    requirements: model?.requirements,
    problems: diagnostics.map(({ message, range, file }) => `${file}:${range?.line} ${message}`),
  };
};

describe('x-flotilla.requirements', () => {
  it('are read in full', async () => {
    expect(
      await read(`
    - { at: 8, efficiency: 0.7 }
    - { at: 4, time: 1m30s }
    - { slowdown: 5%, baseline: v1 }
    - { memory: 2g }
    - { at: 8, core_seconds: 500 }`),
    ).toEqual({
      requirements: [
        { kind: 'efficiency', at: 8, least: 0.7 },
        { kind: 'time', at: 4, mostMs: 90_000 },
        { kind: 'slowdown', at: undefined, most: 0.05, baseline: 'v1' },
        { kind: 'memory', at: undefined, mostBytes: 2 * 1024 ** 3 },
        { kind: 'coreSeconds', at: 8, most: 500 },
      ],
      problems: [],
    });
  });

  it('may be absent, empty or come from an override file', async () => {
    expect(await read('')).toEqual({ requirements: undefined, problems: [] });
    expect((await read('[]')).requirements).toBeUndefined();
    const override = 'x-flotilla: { requirements: [{ at: 2, time: 5s }] }\n';
    expect((await read('', { 'compose.override.yaml': override })).requirements).toEqual([
      { kind: 'time', at: 2, mostMs: 5_000 },
    ]);
  });

  it.each([
    ['0.7', '5 x-flotilla: requirements must be a list, not 0.7.'],
    ['[0.7]', '5 x-flotilla: requirements: an entry must be a mapping, not 0.7.'],
    ['[{ at: 8 }]', '5 x-flotilla: requirements: an entry says nothing to be held to.'],
    ['[{ at: 8, time: 1s, memory: 1g }]', '5 x-flotilla: requirements: an entry says time and memory.'],
    ['[{ at: 0, time: 1s }]', '5 x-flotilla: requirements.at must be a whole number from 1 to 1000, not 0.'],
    [
      '[{ at: 1.5, time: 1s }]',
      '5 x-flotilla: requirements.at must be a whole number from 1 to 1000, not 1.5.',
    ],
    [
      '[{ efficiency: much }]',
      '5 x-flotilla: requirements.efficiency must be a number from 0 to 10, not the text “much”.',
    ],
    ['[{ time: 5 parsecs }]', '5 x-flotilla: requirements.time: “5 parsecs” is no duration.'],
    ['[{ memory: lots }]', '5 x-flotilla: requirements.memory: “lots” is no size.'],
    ['[{ slowdown: 5% }]', '5 x-flotilla: requirements: slowdown needs a baseline.'],
    ['[{ slowdown: -5%, baseline: v1 }]', '5 x-flotilla: requirements.slowdown: “-5%” is no percentage.'],
    ['[{ time: 1s, baseline: v1 }]', '5 x-flotilla: requirements: baseline belongs to slowdown.'],
    ['[{ time: 1s, effciency: 0.7 }]', '5 x-flotilla: an entry of requirements has no “effciency”.'],
  ])('of %s are refused with their place, and the good ones kept', async (text, problem) => {
    expect(await read(text)).toEqual({ requirements: undefined, problems: [`compose.yaml:${problem}`] });
    const kept = text.startsWith('[') ? `[{ at: 3, time: 3s }, ${text.slice(1)}` : undefined;
    if (kept !== undefined)
      expect((await read(kept)).requirements).toEqual([{ kind: 'time', at: 3, mostMs: 3_000 }]);
  });
});
