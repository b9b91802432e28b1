import type { LogRow } from '#shared/domain/LogView.ts';
import { cleanTerminalText, withoutColours } from '../cleanTerminalText.ts';
import { recordOf } from '../settings/logSettings.ts';

/** A row to come back to. */
export interface Bookmark {
  /** Of the row. */
  id: string;
  worker: string;
  /** Epoch nanoseconds as a decimal string. */
  timestamp: string;
  excerpt: string;
}

const MOST_BOOKMARKS = 500;
const EXCERPT_CHARACTERS = 200;

export function readBookmarks(stored: unknown): Bookmark[] {
  if (!Array.isArray(stored)) return [];
  return stored.slice(0, MOST_BOOKMARKS).flatMap((entry: unknown) => {
    const { id, worker, timestamp, excerpt } = recordOf(entry);
    const isWhole =
      typeof id === 'string' &&
      id.length <= 64 &&
      typeof worker === 'string' &&
      typeof timestamp === 'string' &&
      /^\d{1,20}$/.test(timestamp) &&
      typeof excerpt === 'string';
    return isWhole ? [{ id, worker, timestamp, excerpt }] : [];
  });
}

/** Sets or takes away a row's bookmark; in the order of time. The oldest set falls out of a full list. */
export function toggleBookmark(bookmarks: readonly Bookmark[], row: LogRow): Bookmark[] {
  if (bookmarks.some((bookmark) => bookmark.id === row.id))
    return bookmarks.filter((bookmark) => bookmark.id !== row.id);
  const { id, worker, timestamp } = row;
  const excerpt = withoutColours(cleanTerminalText(row.text)).slice(0, EXCERPT_CHARACTERS);
  return [...bookmarks, { id, worker, timestamp, excerpt }]
    .sort((left, right) => compareTimes(left.timestamp, right.timestamp))
    .slice(-MOST_BOOKMARKS);
}

/** The bookmark after (or before) a moment, around the ends. */
export function nextBookmark(
  bookmarks: readonly Bookmark[],
  from: { id: string; timestamp: string } | null,
  direction: 1 | -1,
): Bookmark | null {
  if (bookmarks.length === 0) return null;
  const last = bookmarks.length - 1;
  if (!from) return bookmarks[direction === 1 ? 0 : last] ?? null;
  const at = bookmarks.findIndex((bookmark) => bookmark.id === from.id);
  if (at !== -1) return bookmarks[(at + direction + bookmarks.length) % bookmarks.length] ?? null;
  const later = bookmarks.findIndex((bookmark) => compareTimes(bookmark.timestamp, from.timestamp) > 0);
  if (direction === 1) return bookmarks[later === -1 ? 0 : later] ?? null;
  return bookmarks[later === -1 ? last : (later - 1 + bookmarks.length) % bookmarks.length] ?? null;
}

/** Decimal numbers of any length. */
function compareTimes(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
