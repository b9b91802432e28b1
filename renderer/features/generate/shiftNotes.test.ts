import { describe, expect, it } from 'vitest';
import { shiftNotes } from './shiftNotes.ts';

describe('shiftNotes', () => {
  const notes = [
    { from: 1, to: 1, text: 'first' },
    { from: 2, to: 3, text: 'middle' },
    { from: 4, to: 4, text: 'last' },
  ];
  it('moves the notes below an edit, and drops those of changed lines', () => {
    expect(
      shiftNotes('a\nb\nc\nd', 'a\nb\nX\nY\nd', notes).map(({ from, text }) => `${from} ${text}`),
    ).toEqual(['1 first', '5 last']);
    expect(shiftNotes('a\nb\nc\nd', 'new\na\nb\nc\nd', notes).map(({ from }) => from)).toEqual([2, 3, 5]);
    expect(shiftNotes('a\nb\nc\nd', '', notes)).toEqual([]);
  });
});
