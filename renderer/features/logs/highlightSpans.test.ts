import { describe, expect, it } from 'vitest';
import { ansiSpans } from './ansiSpans.ts';
import { highlightSpans } from './highlightSpans.ts';

describe('highlightSpans', () => {
  it('splits at the borders of ranges, also across colour changes, and loses no text', () => {
    const runs = highlightSpans(ansiSpans('ab\u001b[31mca\u001b[0mbc Abc'), [
      { from: 0, to: 3, mark: 'x' },
      { from: 3, to: 6, mark: 'y' },
      { from: 7, to: 10, mark: 'x' },
    ]);
    expect(runs.map((run) => [run.text, run.mark])).toEqual([
      ['ab', 'x'],
      ['c', 'x'],
      ['a', 'y'],
      ['bc', 'y'],
      [' ', undefined],
      ['Abc', 'x'],
    ]);
  });
  it('leaves text without ranges whole', () => {
    expect(highlightSpans(ansiSpans('plain'), [])).toHaveLength(1);
  });
});
