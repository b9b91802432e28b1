import { describe, expect, it } from 'vitest';
import { TypeAhead } from './TypeAhead.ts';

const NAMES = ['alpha', 'beta', 'Solver', 'solver two', 'sums'];

describe('type-ahead', () => {
  it('goes to the next of a letter, round at the end', () => {
    const typed = new TypeAhead();
    expect(typed.press('s', NAMES, 0, 0)).toBe(2);
    expect(typed.press('s', NAMES, 2, 100)).toBe(3);
    expect(typed.press('s', NAMES, 3, 200)).toBe(4);
    expect(typed.press('s', NAMES, 4, 300)).toBe(2);
  });

  it('takes letters in quick succession as one word, and begins anew after a pause', () => {
    const typed = new TypeAhead();
    expect(typed.press('s', NAMES, 0, 0)).toBe(2);
    expect(typed.press('u', NAMES, 2, 100)).toBe(4);
    expect(typed.press('b', NAMES, 4, 2000)).toBe(1);
    expect(typed.press('x', NAMES, 1, 2100)).toBeUndefined();
  });

  it('stays where a longer word still fits, and takes spaces', () => {
    const typed = new TypeAhead();
    let at = 0;
    for (const [step, letter] of [...'solver t'].entries()) at = typed.press(letter, NAMES, at, step) ?? -1;
    expect(at).toBe(3);
  });

  it('finds nothing in an empty folder', () => {
    expect(new TypeAhead().press('a', [], 0, 0)).toBeUndefined();
  });
});
