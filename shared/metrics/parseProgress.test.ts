import { describe, expect, it } from 'vitest';
import { memoryProject } from '../compose/memoryProject.ts';
import { readProject } from '../compose/readProject.ts';
import { compileExpression } from '../logs/compileExpression.ts';
import { parseProgress, PROGRESS_EXPRESSION } from './parseProgress.ts';

describe('parseProgress', () => {
  it.each<[string, number | undefined]>([
    ['progress: 37%', 0.37],
    ['[worker] Progress = 37.5 %, 3 left', 0.375],
    ['progress 37/50', 0.74],
    ['{"progress": "3 / 4"}', 0.75],
    ['progress: 250%', 1],
    ['progress: 3/0', undefined],
    ['progress: soon', undefined],
    ['in progress since 37 s', undefined],
    ['37%', undefined],
  ])('%j', (text, share) => {
    expect(parseProgress(text, compileExpression({ text: PROGRESS_EXPRESSION, regex: true }))).toBe(share);
  });

  it('takes an expression of the file', () => {
    expect(parseProgress('step 3 of 12 done', /step (\d+) of (\d+)/)).toBe(0.25);
    expect(parseProgress('12 percent', /(\d+) percent/)).toBe(0.12);
  });
});

describe('x-flotilla.progress', () => {
  const read = async (value: string) => {
    const { diagnostics, model } = await readProject(
      memoryProject({
        'compose.yaml': `services:\n  worker:\n    image: busybox\n    x-flotilla: { role: worker, progress: ${value} }\n`,
      }),
    );
    const problems = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    return [model?.services[0]?.progress, ...problems];
  };

  it.each<[string, (string | undefined)[]]>([
    ['true', [PROGRESS_EXPRESSION]],
    ['false', [undefined]],
    ["'step (\\d+) of (\\d+)'", ['step (\\d+) of (\\d+)']],
    ['[a]', [undefined, 'worker: x-flotilla.progress must be true or an expression, not a list.']],
    ["'no group'", [undefined, 'worker: x-flotilla.progress has 0 groups, not one or two.']],
    [
      "'(a'",
      [undefined, expect.stringMatching(/^worker: x-flotilla\.progress: “\(a” is no regular expression/)],
    ],
  ])('%s', async (value, expected) => {
    expect(await read(value)).toEqual(expected);
  });
});
