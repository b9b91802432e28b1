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
import type { LogWindow } from '../view/LogWindow.ts';
import { LineWidth } from './lineWidth.ts';
import { listKey } from './listKeys.ts';
import styles from './LogList.module.css';
import { LogRowLine } from './LogRowLine.tsx';
import { LogScrollbar } from './LogScrollbar.tsx';
import { ROW_PX } from './rowGeometry.ts';
import type { RowLook } from './RowLook.ts';
import { RowScroller } from './RowScroller.ts';
import { RowSlots } from './RowSlots.ts';
import { rowText } from './rowText.ts';
import { useListScroll } from './useListScroll.ts';

/** Rows drawn above and below what is in sight where one scrolls; more where heights are only known once drawn. */
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
  const [slots] = useState(() => new RowSlots());
  const [lineWidth] = useState(() => new LineWidth());
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
  const drawn = Math.min(MOST_DRAWN, inSight + 1 + (following && !look.wrap ? 0 : over));
  const start = following ? Math.max(firstRow, endRow - drawn) : Math.max(0, place.row - over);
  const stop = following ? endRow : Math.min(total, place.row + drawn);

  // Another width or another content: what was measured holds no more.
  useLayoutEffect(
    () => scroller.forgetHeights(),
    [scroller, size.width, look.wrap, look.timeMode, look.columns, rows.view.query],
  );

  useLayoutEffect(() => {
    const element = column.current;
    if (!element) return;
    const measure = () => {
      for (const [index, child] of [...element.children].entries()) {
        const row = rows.rowAt(start + index);
        if (row) scroller.setHeight(row.id, (child as HTMLElement).offsetHeight);
      }
    };
    // Layout is asked only where it must be known: lines that wrap, once one scrolls.
    scroller.setMeasure(look.wrap && following ? measure : null);
    if (following) element.style.transform = '';
    else if (!look.wrap)
      element.style.transform = `translateY(${(start - place.row) * ROW_PX - place.offset}px)`;
    else {
      measure();
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
    setSpoken(at ? `${at.worker} ${rowText(at).plain.slice(0, 200)}` : '');
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.target !== viewport.current) return;
    const pageRows = Math.max(1, Math.floor(size.height / ROW_PX) - 2);
    const act = listKey(event, { rows, scroller, pageRows, moveCursor, onCopy });
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
    else cursor.set(number);
    moved(() => rows.cursorMoved());
    const action = pressed?.dataset['action'];
    if (action === 'details' || action === 'field') onRowAction(action, row, pressed?.dataset['field']);
  };

  const range = rows.cursor.range;
  const shown: (LogRow | undefined)[] = [];
  for (let number = start; number < stop; number += 1) shown.push(rows.rowAt(number));
  const reuse = following && (window.getSelection()?.isCollapsed ?? true);
  const keys = slots.assign(
    shown.map((row, at) => row?.id ?? `missing ${start + at}`),
    reuse,
  );

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
          if (event.button !== 0 || !(event.target as Element).closest('[data-row]')) return;
          scroller.hold();
          // Shift picks rows up to here; the browser would select their text instead.
          if (event.shiftKey && rows.cursor.row !== null) {
            event.preventDefault();
            viewport.current?.focus();
          }
        }}
      >
        <div
          ref={column}
          className={styles.column}
          data-at={following ? 'end' : 'row'}
          style={look.wrap ? undefined : { width: lineWidth.of(known(shown), look, rows.view.query) }}
        >
          {shown.map((row, at) => {
            const number = start + at;
            if (!row) return <div key={keys[at]} className={styles.missing} />;
            return (
              <LogRowLine
                key={keys[at]}
                row={row}
                number={number}
                look={look}
                current={row.id === currentId}
                selected={range !== null && number >= range.from && number <= range.to}
                cursor={number === rows.cursor.row}
                bookmarked={bookmarks.has(row.id)}
              />
            );
          })}
        </div>
      </div>
      <LogScrollbar
        controls={id}
        total={total}
        viewportPx={size.height}
        fraction={scroller.fraction()}
        row={scroller.rowInSight()}
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

function known(rows: readonly (LogRow | undefined)[]): LogRow[] {
  return rows.filter((row) => row !== undefined);
}
