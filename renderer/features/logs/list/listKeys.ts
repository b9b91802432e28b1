import type { KeyboardEvent } from 'react';
import type { LogWindow } from '../view/LogWindow.ts';
import type { RowScroller } from './RowScroller.ts';

/** What a key does in the list of rows; undefined: nothing. */
export function listKey(
  event: KeyboardEvent,
  list: {
    rows: LogWindow;
    scroller: RowScroller;
    pageRows: number;
    moveCursor: (by: number, extend: boolean) => void;
    onCopy: (from: number, to: number) => void;
  },
): (() => void) | undefined {
  const { rows, scroller, pageRows, moveCursor, onCopy } = list;
  const { range } = rows.cursor;
  if (event.ctrlKey || event.metaKey) {
    switch (event.key) {
      case 'a':
        return () => {
          if (rows.total === 0) return;
          scroller.hold();
          rows.cursor.select(0, rows.total - 1);
          rows.cursorMoved();
        };
      case 'c':
        return range && (window.getSelection()?.isCollapsed ?? true)
          ? () => onCopy(range.from, range.to)
          : undefined;
      case 'Home':
        return () => scroller.toStart();
      case 'End':
        return () => rows.follow();
      default:
        return undefined;
    }
  }
  switch (event.key) {
    case 'ArrowUp':
      return () => moveCursor(-1, event.shiftKey);
    case 'ArrowDown':
      return () => moveCursor(1, event.shiftKey);
    case 'PageUp':
      return () => (event.shiftKey ? moveCursor(-pageRows, true) : scroller.page(-1));
    case 'PageDown':
      return () => (event.shiftKey ? moveCursor(pageRows, true) : scroller.page(1));
    case 'Home':
      return () => scroller.toStart();
    case 'End':
      return () => rows.follow();
    case 'Escape':
      return range
        ? () => {
            rows.cursor.clear();
            rows.cursorMoved();
          }
        : undefined;
    default:
      return undefined;
  }
}
