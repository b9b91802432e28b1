import { describe, expect, it } from 'vitest';
import { fakeRow } from '../testing/FakeLog.ts';
import { type Bookmark, nextBookmark, readBookmarks, toggleBookmark } from './bookmarks.ts';

const bookmarked = (...lines: number[]) => {
  let all: Bookmark[] = [];
  for (const line of lines) all = toggleBookmark(all, fakeRow(line, `\u001b[31mline ${line}\u001b[0m`));
  return all;
};

describe('bookmarks', () => {
  it('are set, kept in the order of time and taken away', () => {
    const all = bookmarked(30, 10, 20);
    expect(all.map((bookmark) => bookmark.excerpt)).toEqual(['line 10', 'line 20', 'line 30']);
    expect(toggleBookmark(all, fakeRow(20, '')).map((bookmark) => bookmark.excerpt)).toEqual([
      'line 10',
      'line 30',
    ]);
  });

  it('step around the ends, from a bookmark and from between two', () => {
    const all = bookmarked(10, 20, 30);
    const step = (from: number | null, direction: 1 | -1) =>
      nextBookmark(all, from === null ? null : fakeRow(from, ''), direction)?.excerpt;
    expect([
      step(10, 1),
      step(30, 1),
      step(10, -1),
      step(15, 1),
      step(15, -1),
      step(40, 1),
      step(5, -1),
      step(40, -1),
      step(null, -1),
    ]).toEqual([
      'line 20',
      'line 10',
      'line 30',
      'line 20',
      'line 10',
      'line 10',
      'line 30',
      'line 30',
      'line 30',
    ]);
    expect(nextBookmark([], null, 1)).toBeNull();
  });

  it('come back from storage, at most 500, damaged ones forgotten', () => {
    const all = bookmarked(1, 2);
    expect(readBookmarks(JSON.parse(JSON.stringify([...all, { id: 5 }, 'x'])))).toEqual(all);
    expect(readBookmarks({})).toEqual([]);
    let many: Bookmark[] = [];
    for (let line = 0; line < 600; line += 1) many = toggleBookmark(many, fakeRow(line, `line ${line}`));
    expect([many.length, many[0]?.excerpt]).toEqual([500, 'line 100']);
  });
});
