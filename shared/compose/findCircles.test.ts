import { expect, it } from 'vitest';
import { findCircles } from './findCircles.ts';

const circles = (dependencies: Record<string, string[]>) =>
  findCircles(Object.keys(dependencies), (name) => dependencies[name] ?? []).map((circle) =>
    circle.join(' '),
  );

it('finds each circle once, from the service it is met at first', () => {
  expect(circles({ a: ['b'], b: ['a'] })).toEqual(['a b a']);
  expect(circles({ x: ['a'], a: ['b'], b: ['c', 'a'], c: ['b'], d: ['d'] })).toEqual([
    'b c b',
    'a b a',
    'd d',
  ]);
  expect(circles({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
});

it('goes past what is missing', () => {
  expect(circles({ a: ['gone', 'a'] })).toEqual(['a a']);
});

it('takes a chain of any length, and stops at more circles than anybody reads', () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `s${at}`);
  const next = (name: string) => [`s${(Number(name.slice(1)) + 1) % names.length}`];
  expect(findCircles(names, next).map((circle) => circle.length)).toEqual([100_001]);
  const all = names.slice(0, 1000);
  expect(findCircles(all, () => all)).toHaveLength(500);
});
