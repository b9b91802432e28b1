import { expect, it } from 'vitest';
import { changedCodeWords } from './changedCodeWords.ts';

it.each<[number, string[], string]>([
  [1, ['a.py'], 'a.py has'],
  [2, ['a.py', 'b.py'], 'a.py and b.py have'],
  [3, ['a.py', 'b.py', 'c.py'], 'a.py, b.py and c.py have'],
  [1_234, ['a.py', 'b.py', 'c.py'], 'a.py and 1,233 more files have'],
])('%i files', (files, newest, begin) => {
  expect(changedCodeWords({ service: 'worker', builtAt: 1, changedAt: 2, files, newest })).toBe(
    `${begin} changed since the image of worker was built`,
  );
});
