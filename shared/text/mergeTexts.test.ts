import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeBetween } from './changeBetween.ts';
import { mergeTexts } from './mergeTexts.ts';

const BASE = 'a\nb\nc\nd\ne\n';

describe('mergeTexts', () => {
  it('puts changes of different lines together', () => {
    expect(mergeTexts(BASE, 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\nf\n')).toBe('A\nb\nc\nd\nE\nf\n');
    expect(mergeTexts(BASE, 'a\nb\nc\ne\n', 'x\na\nb\nc\nd\ne\n')).toBe('x\na\nb\nc\ne\n');
    expect(mergeTexts(BASE, `${BASE}mine\n`, 'theirs\nb\nc\nd\ne\n')).toBe('theirs\nb\nc\nd\ne\nmine\n');
  });

  it('asks where both changed the same lines, or lines side by side', () => {
    expect(mergeTexts(BASE, 'a\nB\nc\nd\ne\n', 'a\nX\nc\nd\ne\n')).toBeUndefined();
    expect(mergeTexts(BASE, 'a\nB\nc\nd\ne\n', 'a\nb\nC\nd\ne\n')).toBeUndefined();
    expect(mergeTexts(BASE, `${BASE}mine\n`, `${BASE}theirs\n`)).toBeUndefined();
    expect(mergeTexts(BASE, 'a\nb\nc\nd\nE\n', '')).toBeUndefined();
    expect(mergeTexts('', 'mine\n', 'theirs\n')).toBeUndefined();
  });

  it('takes the same change made twice for one', () => {
    expect(mergeTexts(BASE, 'A\nb\nc\nd\nmine\n', 'A\nb\nc\nd\ne\n')).toBe('A\nb\nc\nd\nmine\n');
  });

  it('keeps line ends, and whether the last line has one', () => {
    expect(mergeTexts('a\r\nb\r\nc', 'A\r\nb\r\nc', 'a\r\nb\r\nc\r\n')).toBe('A\r\nb\r\nc\r\n');
    expect(mergeTexts('a\nb\nc', 'A\nb\nc', 'a\nb\nC')).toBe('A\nb\nC');
  });

  it('of random texts: one that did not change leaves the other, sides are alike, and nothing is made up', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', '  d');
    const text = fc
      .tuple(fc.array(line, { maxLength: 9 }), fc.boolean())
      .map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        expect(mergeTexts(base, mine, base)).toBe(mine);
        expect(mergeTexts(base, base, theirs)).toBe(theirs);
        expect(mergeTexts(base, mine, mine)).toBe(mine);
        const merged = mergeTexts(base, mine, theirs);
        expect(mergeTexts(base, theirs, mine)).toBe(merged);
        const known = new Set(`${base}\n${mine}\n${theirs}`.split('\n'));
        for (const each of merged?.split('\n') ?? []) expect(known).toContain(each);
      }),
      { seed: 20_261_127, numRuns: 3000 },
    );
  });
});

describe('changeBetween', () => {
  it('is the shortest stretch that leads from one text to the other', () => {
    expect(changeBetween('abc', 'abc')).toBeUndefined();
    expect(changeBetween('aXc', 'aYZc')).toEqual({ from: 1, to: 2, insert: 'YZ' });
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const change = changeBetween(before, after);
        const made = change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;
        expect(made).toBe(after);
      }),
      { seed: 20_261_127 },
    );
  });
});
