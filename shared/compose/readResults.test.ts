import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (results: string, more = '') => {
  const compose = `services:\n  worker:\n    image: busybox\n${more}    x-flotilla:\n      results: ${results}\n`;
  const { diagnostics, model } = await readProject(memoryProject({ 'compose.yaml': compose }));
  return {
    results: model?.services[0]?.results,
    problems: diagnostics.map(({ message, range, file }) => `${file}:${range?.line} ${message}`),
  };
};
const USUAL = { maxBytes: 64 * 1024 ** 3, maxFiles: 1_000_000 };

describe('x-flotilla.results', () => {
  it('is a path, a list of them, or a mapping with limits', async () => {
    expect(await read('/out')).toEqual({ results: { paths: ['/out'], ...USUAL }, problems: [] });
    expect(await read('[/out/, /work//a.csv]')).toEqual({
      results: { paths: ['/out', '/work/a.csv'], ...USUAL },
      problems: [],
    });
    expect(await read('{ paths: [/out], max_size: 1g, max_files: 10 }')).toEqual({
      results: { paths: ['/out'], maxBytes: 1024 ** 3, maxFiles: 10 },
      problems: [],
    });
    expect(await read('')).toEqual({ results: undefined, problems: [] });
  });

  it.each([
    ['out', 'compose.yaml:5 worker: x-flotilla.results: “out” is not absolute.'],
    [
      '[/out, /a/../b]',
      'compose.yaml:5 worker: x-flotilla.results: “/a/../b” has “.”, “..” or a zero byte in it.',
    ],
    ['[/]', 'compose.yaml:5 worker: x-flotilla.results: “/” is the whole container.'],
    ['[/proc/self]', 'compose.yaml:5 worker: x-flotilla.results: /proc/self is made up by the kernel.'],
    ['[/a, /a]', 'compose.yaml:5 worker: x-flotilla.results: /a stands there twice.'],
    ['[/a, /a/b]', 'compose.yaml:5 worker: x-flotilla.results: /a/b lies within another of the paths.'],
    ['[]', 'compose.yaml:5 worker: x-flotilla.results names no path.'],
    ['[[/a]]', 'compose.yaml:5 worker: x-flotilla.results: a path must be a text, not a list.'],
    ['{ max_files: 2 }', 'compose.yaml:5 worker: x-flotilla.results needs paths.'],
    [
      '{ paths: [/a], max_files: 0 }',
      'compose.yaml:5 worker: x-flotilla.results.max_files must be a whole number from 1 to 100000000, not 0.',
    ],
  ])('refuses %s with its place', async (text, problem) => {
    expect(await read(text)).toEqual({ results: undefined, problems: [problem] });
  });

  it('tells of results that only lie in memory', async () => {
    expect((await read('[/scratch/out]', '    tmpfs: [/scratch]\n')).problems).toEqual([
      'compose.yaml:6 worker: x-flotilla.results: /scratch/out lies on the tmpfs /scratch, which is gone when the container ends.',
    ]);
  });
});
