import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from './diffLines.ts';

const show = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

describe('diffLines', () => {
  it('tells what stays, goes and comes', () => {
    expect(show('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
    expect(show('a\n', 'a\n')).toEqual([' a']);
    expect(show('', 'a\n')).toEqual(['+a']);
  });

  it('leads from one text to the other, with line numbers that fit', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const join = (left: string): string =>
          lines
            .filter(({ kind }) => kind !== left)
            .map((line) => `${line.text}\n`)
            .join('');
        expect(join('added')).toBe(before);
        expect(join('removed')).toBe(after);
        expect(lines.flatMap((line) => line.before ?? [])).toEqual(
          before
            .split('\n')
            .slice(0, -1)
            .map((_, at) => at + 1),
        );
        expect(lines.flatMap((line) => line.after ?? [])).toEqual(
          after
            .split('\n')
            .slice(0, -1)
            .map((_, at) => at + 1),
        );
      }),
    );
  });

  it('takes texts too large to compare for replaced', () => {
    const lines = (word: string): string =>
      Array.from({ length: 3000 }, (_, at) => `${word}${at}\n`).join('');
    const kinds = diffLines(`head\n${lines('a')}`, `head\n${lines('b')}`).map(({ kind }) => kind);
    expect([kinds[0], kinds[1], kinds.at(-1), kinds.length]).toEqual(['same', 'removed', 'added', 6001]);
  });
});
