import { useRef } from 'react';
import type { Bookmark } from '../marks/bookmarks.ts';
import type { LogViewClient } from '../view/LogViewClient.ts';
import { useViewAnswer } from '../view/useViewAnswer.ts';

const REFRESH_MS = 1000;
const NONE: readonly number[] = [];

/** Row numbers of the bookmarks in a view, for the scroll bar. The same array while they stand where they stood. */
export function useBookmarkRows(view: LogViewClient, bookmarks: readonly Bookmark[]): readonly number[] {
  const before = useRef<readonly number[]>(NONE);
  const located = useViewAnswer(view, {
    everyMs: REFRESH_MS,
    subject: bookmarks,
    keyOf: () => (bookmarks.length === 0 || view.stale ? null : `${view.epoch} ${view.state?.total ?? 0}`),
    ask: async () => {
      const numbers = await view.locate(bookmarks.map((bookmark) => bookmark.id));
      const found = numbers.filter((number) => number !== null);
      if (found.join() !== before.current.join()) before.current = found;
      return before.current;
    },
  });
  return bookmarks.length === 0 ? NONE : (located ?? NONE);
}
