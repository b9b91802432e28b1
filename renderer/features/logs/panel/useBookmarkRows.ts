import { useEffect, useState } from 'react';
import type { Bookmark } from '../marks/bookmarks.ts';
import type { LogViewClient } from '../view/LogViewClient.ts';

/** More would be a wall of marks, and as many questions. */
const MOST_PLACED = 60;

/** Row numbers of the bookmarks in a view, for the scroll bar; asked for when bookmarks or view change. */
export function useBookmarkRows(view: LogViewClient, bookmarks: readonly Bookmark[]): readonly number[] {
  const [numbers, setNumbers] = useState<readonly number[]>([]);
  const { epoch } = view;
  const isLoaded = view.state !== null && !view.stale && view.state.scanned >= 1;
  useEffect(() => {
    if (!isLoaded || bookmarks.length === 0) {
      setNumbers([]);
      return undefined;
    }
    let isCurrent = true;
    const place = async () => {
      const found: number[] = [];
      for (const bookmark of bookmarks.slice(-MOST_PLACED)) {
        if (!isCurrent) return;
        const answer = await view.rows({
          anchor: { kind: 'id', id: bookmark.id },
          before: 0,
          count: 1,
          maxChars: 1,
        });
        if (answer.rows.some((row) => row.id === bookmark.id)) found.push(answer.anchorRow);
      }
      if (isCurrent) setNumbers(found);
    };
    // Without an answer there are no marks; nothing else is lost.
    place().catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [view, epoch, isLoaded, bookmarks]);
  return numbers;
}
