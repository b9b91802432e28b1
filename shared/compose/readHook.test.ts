import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (extension: string) => {
  const { diagnostics, model } = await readProject(
    memoryProject({
      'compose.yaml': `services:\n  worker:\n    image: busybox\n    x-flotilla: { role: worker, ${extension} }\n`,
    }),
  );
  return {
    drain: model?.services[0]?.drain,
    load: model?.services[0]?.load,
    problems: diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message, range }) => `${range?.line}:${range?.column} ${message}`),
  };
};

describe('x-flotilla.drain and x-flotilla.load', () => {
  it('are read', async () => {
    expect(
      await read('drain: { command: finish --all }, load: { http: { port: 8080, path: /load?x=1 } }'),
    ).toEqual({
      drain: { hook: { kind: 'command', command: ['finish', '--all'] }, timeoutMs: 30_000 },
      load: { kind: 'http', port: 8080, path: '/load?x=1' },
      problems: [],
    });
    expect((await read('drain: { http: { port: 1 }, timeout: 2m }')).drain).toEqual({
      hook: { kind: 'http', port: 1, path: '/' },
      timeoutMs: 120_000,
    });
  });

  it.each([
    ['drain: finish', '4:40 worker: x-flotilla.drain must be a mapping, not the text “finish”.'],
    ['drain: {}', '4:40 worker: x-flotilla.drain needs either a command or http.'],
    ['drain: { command: [] }', '4:40 worker: x-flotilla.drain needs either a command or http.'],
    [
      'drain: { command: a, http: { port: 1 } }',
      '4:40 worker: x-flotilla.drain needs either a command or http.',
    ],
    ['drain: { exec: a }', '4:42 worker: x-flotilla.drain has no “exec”.'],
    ['drain: { command: a, timeout: 2h }', '4:63 worker: x-flotilla.drain.timeout must be from 1ms to 1h.'],
    ['drain: { command: a, timeout: 0s }', '4:63 worker: x-flotilla.drain.timeout must be from 1ms to 1h.'],
    ['load: { command: a, timeout: 2s }', '4:53 worker: x-flotilla.load has no “timeout”.'],
    ['load: { http: { path: /a } }', '4:47 worker: x-flotilla.load.http needs a port of the container.'],
    [
      'load: { http: { port: 70000 } }',
      '4:55 worker: x-flotilla.load.http.port must be a whole number from 1 to 65535, not 70000.',
    ],
    ['load: { http: { port: 1, path: a b } }', '4:64 worker: x-flotilla.load.http.path must begin with “/”.'],
    ['load: { http: ":80" }', '4:47 worker: x-flotilla.load.http must be a mapping, not the text “:80”.'],
  ])('tell what is wrong with %s, and where', async (extension, problem) => {
    const { problems, drain, load } = await read(extension);
    expect(problems).toContain(problem);
    expect([drain, load]).toEqual([undefined, undefined]);
  });
});
