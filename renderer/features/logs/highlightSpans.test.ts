import { describe, expect, it } from 'vitest';
import { ansiSpans } from './ansiSpans.ts';
import { highlightSpans } from './highlightSpans.ts';

describe('highlightSpans', () => {
  it('marks every match, also across colour changes, and loses no text', () => {
    const runs = highlightSpans(ansiSpans('ab\u001b[31mca\u001b[0mbc Abc'), 'ABC');
    expect(runs.map((run) => [run.text, run.match])).toEqual([
      ['ab', true],
      ['c', true],
      ['a', true],
      ['bc', true],
      [' ', false],
      ['Abc', true],
    ]);
  });
  it('leaves text without matches whole', () => {
    expect(highlightSpans(ansiSpans('plain'), 'x')).toHaveLength(1);
  });
});
