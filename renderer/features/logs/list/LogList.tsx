import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { LogRow } from '#shared/domain/LogView.ts';
import { cleanTerminalText, withoutColours } from '../cleanTerminalText.ts';
import type { LogWindow } from '../view/LogWindow.ts';
import styles from './LogList.module.css';
import { LogRowLine } from './LogRowLine.tsx';
import { LogScrollbar } from './LogScrollbar.tsx';
import { ROW_PX } from './rowGeometry.ts';
import { RowScroller } from './RowScroller.ts';
import type { RowLook } from './RowLook.ts';
import { useListScroll } from './useListScroll.ts';

/** Rows drawn above and below what is in sight; more where heights are only known once drawn. */
const OVERSCAN = 6;
const OVERSCAN_WRAPPED = 14;
const MOST_DRAWN = 160;

export interface LogListHandle {
  focus(): void;
  scroller: RowScroller;
}

export interface LogListProps {
  rows: LogWindow;
  label: string;
  look: RowLook;
  /** Ids. */
  bookmarks: ReadonlySet<string>;
  /** Row numbers of bookmarks, as far as known. */
  bookmarkRows: readonly number[];
  /** Id of the match stood on. */
  currentId: string | null;
  /** `field` names the field whose value was pressed. */
  onRowAction: (action: 'details' | 'field', row: LogRow, field?: string) => void;
  onCopy: (from: number, to: number) => void;
  /** The reader scrolled or moved the cursor here. */
  onMoved?: (() => void) | undefined;
  /** Pixels from the left. */
  onSideways?: ((px: number) => void) | undefined;
  ref?: Ref<LogListHandle>;
}

/**
 * The rows of a log around where the reader stands. No element is as tall as the log: rows are placed from the first
 * one in sight, so any number of them works. At the end they hang from the lower edge instead.
 */
export function LogList(props: LogListProps) {
  const {
    rows,
    label,
    look,
    bookmarks,
    bookmarkRows,
    currentId,
    onRowAction,
    onCopy,
    onMoved,
    onSideways,
    ref,
  } = props;
  useSyncExternalStore(rows.subscribe, rows.version);
  const id = useId();
  const viewport = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const widest = useRef(0);
  const [size, setSize] = useState({ width: 800, height: 400 });
  const [spoken, setSpoken] = useState('');
  const scroller = useMemo(() => new RowScroller(rows), [rows]);
  scroller.setLayout(look.wrap, size.height);

  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return undefined;
    const measure = () =>
      setSize((before) => {
        const { clientWidth: width, clientHeight: height } = element;
        return before.width === width && before.height === height ? before : { width, height: height || 400 };
      });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const inSight = Math.ceil(size.height / ROW_PX);
  useEffect(() => rows.setVisibleRows(inSight), [rows, inSight]);

  const { following, place, total, endRow, firstRow } = rows;
  const over = look.wrap ? OVERSCAN_WRAPPED : OVERSCAN;
  const drawn = Math.min(MOST_DRAWN, inSight + 1 + over);
  const start = following ? Math.max(firstRow, endRow - drawn) : Math.max(0, place.row - over);
  const stop = following ? endRow : Math.min(total, place.row + drawn);

  // Another width or another content: what was measured, or stretched the list sideways, holds no more.
  useLayoutEffect(() => {
    scroller.forgetHeights();
    widest.current = 0;
    if (column.current) column.current.style.minWidth = '';
  }, [scroller, size.width, look.wrap, look.timeMode, look.columns, rows.view.query]);

  useLayoutEffect(() => {
    const element = column.current;
    if (!element) return;
    if (look.wrap) {
      for (const [index, child] of [...element.children].entries()) {
        const row = rows.rowAt(start + index);
        if (row) scroller.setHeight(row.id, (child as HTMLElement).offsetHeight);
      }
    } else if (element.offsetWidth > widest.current) {
      // Long lines that leave must not make the list narrower under the reader.
      widest.current = element.offsetWidth;
      element.style.minWidth = `max(100%, ${element.offsetWidth}px)`;
    }
    if (following) element.style.transform = '';
    else if (!look.wrap)
      element.style.transform = `translateY(${(start - place.row) * ROW_PX - place.offset}px)`;
    else {
      const first = element.children[place.row - start] as HTMLElement | undefined;
      element.style.transform = `translateY(${-(first?.offsetTop ?? 0) - place.offset}px)`;
    }
  });

  const moved = (act: () => void) => {
    act();
    onMoved?.();
  };
  useListScroll(viewport, {
    onScroll: (px) => moved(() => scroller.scrollBy(px)),
    pagePx: () => size.height,
  });
  useImperativeHandle(ref, () => ({ focus: () => viewport.current?.focus(), scroller }), [scroller]);

  const moveCursor = (by: number, extend: boolean) => {
    const row = scroller.moveCursor(by, extend);
    const at = row === null ? undefined : rows.rowAt(row);
    setSpoken(at ? `${at.worker} ${withoutColours(cleanTerminalText(at.text)).slice(0, 200)}` : '');
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.target !== viewport.current) return;
    const command = event.ctrlKey || event.metaKey;
    const range = rows.cursor.range;
    const page = Math.max(1, Math.floor(size.height / ROW_PX) - 2);
    const acts: Record<string, (() => void) | undefined> = command
      ? {
          a: () => {
            if (total === 0) return;
            scroller.hold();
            rows.cursor.select(0, total - 1);
            rows.cursorMoved();
          },
          c:
            range && (window.getSelection()?.isCollapsed ?? true)
              ? () => onCopy(range.from, range.to)
              : undefined,
          Home: () => scroller.toStart(),
          End: () => rows.follow(),
        }
      : {
          ArrowUp: () => moveCursor(-1, event.shiftKey),
          ArrowDown: () => moveCursor(1, event.shiftKey),
          PageUp: () => (event.shiftKey ? moveCursor(-page, true) : scroller.page(-1)),
          PageDown: () => (event.shiftKey ? moveCursor(page, true) : scroller.page(1)),
          Home: () => scroller.toStart(),
          End: () => rows.follow(),
          Escape: range
            ? () => {
                rows.cursor.clear();
                rows.cursorMoved();
              }
            : undefined,
        };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    moved(act);
  };

  // A click picks a row, shift-click up to another; dragging selects text as everywhere.
  const onClick = (event: MouseEvent) => {
    if (!(window.getSelection()?.isCollapsed ?? true)) return;
    const target = event.target as Element;
    const number = Number(target.closest('[data-row]')?.getAttribute('data-row') ?? Number.NaN);
    const row = rows.rowAt(number);
    if (!row) return;
    const pressed = target.closest<HTMLElement>('[data-action]');
    const { cursor } = rows;
    scroller.hold();
    if (event.shiftKey && cursor.row !== null) cursor.extend(number);
    else if (pressed === null && cursor.range?.from === number && cursor.range.to === number) cursor.clear();
    else cursor.set(number);
    moved(() => rows.cursorMoved());
    const action = pressed?.dataset['action'];
    if (action === 'details' || action === 'field') onRowAction(action, row, pressed?.dataset['field']);
  };

  const range = rows.cursor.range;
  const drawnRows = [];
  for (let number = start; number < stop; number += 1) {
    const row = rows.rowAt(number);
    drawnRows.push(
      row ? (
        <LogRowLine
          key={row.id}
          row={row}
          number={number}
          look={look}
          current={row.id === currentId}
          selected={range !== null && number >= range.from && number <= range.to}
          cursor={number === rows.cursor.row}
          bookmarked={bookmarks.has(row.id)}
        />
      ) : (
        <div key={`missing-${number}`} className={styles.missing} />
      ),
    );
  }

  return (
    <div className={styles.list}>
      <div
        ref={viewport}
        id={id}
        className={styles.viewport}
        data-wrap={look.wrap || undefined}
        role="log"
        aria-label={label}
        // A live region that speaks thousands of lines a second would drown a screen reader.
        aria-live="off"
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onScroll={(event) => {
          // Focus and find-in-page may scroll what is only to be scrolled by us.
          if (event.currentTarget.scrollTop !== 0) event.currentTarget.scrollTop = 0;
          onSideways?.(event.currentTarget.scrollLeft);
        }}
        onMouseDown={(event) => {
          // What is pressed, to pick it or to select text from there on, must not run away.
          if (event.button === 0 && (event.target as Element).closest('[data-row]')) scroller.hold();
        }}
      >
        <div ref={column} className={styles.column} data-at={following ? 'end' : 'row'}>
          {drawnRows}
        </div>
      </div>
      <LogScrollbar
        controls={id}
        total={total}
        viewportPx={size.height}
        fraction={scroller.fraction()}
        row={scroller.place().row}
        marks={bookmarkRows}
        onFraction={(fraction) => moved(() => scroller.toFraction(fraction))}
        onPage={(direction) => moved(() => scroller.page(direction))}
      />
      <div className="visually-hidden" aria-live="polite">
        {spoken}
      </div>
    </div>
  );
}
