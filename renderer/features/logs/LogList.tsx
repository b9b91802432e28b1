import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useCallback,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type WheelEvent,
} from 'react';
import type { TimeMode } from './formatLogTime.ts';
import styles from './LogList.module.css';
import { LogRowLine } from './LogRowLine.tsx';
import type { LogView } from './LogView.ts';

export const LOG_ROW_HEIGHT = 18;
/** Rows drawn above and below what is in sight. */
const OVERSCAN = 12;
const AT_END_PIXELS = 9;

export interface LogListHandle {
  /** Brings the row at a position of the view into the middle. */
  reveal(position: number): void;
  focus(): void;
}

interface LogListProps {
  view: LogView;
  timeMode: TimeMode;
  onCopied: (lines: number) => void;
  ref: Ref<LogListHandle>;
}

/**
 * The rows of a log view: fixed heights, so that place and number follow from each other and nothing is ever
 * measured. Sticks to the end as {@link LogView.follow} says.
 */
export function LogList({ view, timeMode, onCopied, ref }: LogListProps) {
  useSyncExternalStore(view.subscribe, view.version);
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  /** Addresses of the first and last row picked. */
  const [picked, setPicked] = useState<{ from: number; to: number } | null>(null);

  const { size, follow } = view;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    setHeight(element.clientHeight);
    return () => observer.disconnect();
  }, []);

  // Stay at the end, or keep the same rows in sight when old ones fell out.
  const settle = useEffectEvent(() => {
    const element = scroller.current;
    const gone = view.takeDroppedRows();
    if (!element) return;
    if (view.follow.following) {
      const end = element.scrollHeight - element.clientHeight;
      if (Math.abs(element.scrollTop - end) > 1) element.scrollTop = end;
    } else if (gone > 0) {
      element.scrollTop = Math.max(0, element.scrollTop - gone * LOG_ROW_HEIGHT);
      setTop(element.scrollTop);
    }
    lastTop.current = element.scrollTop;
  });
  useLayoutEffect(() => {
    settle();
  });

  useImperativeHandle(ref, () => ({
    reveal(position) {
      const element = scroller.current;
      if (!element) return;
      element.scrollTop = Math.max(0, position * LOG_ROW_HEIGHT - element.clientHeight / 2);
      lastTop.current = element.scrollTop;
      setTop(element.scrollTop);
    },
    focus: () => scroller.current?.focus(),
  }));

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const now = element.scrollTop;
    const atEnd = now + element.clientHeight >= element.scrollHeight - AT_END_PIXELS;
    if (now < lastTop.current && !atEnd) view.dispatch({ type: 'moved-away' });
    else if (now > lastTop.current && atEnd) view.dispatch({ type: 'scrolled', atEnd: true });
    lastTop.current = now;
    setTop(now);
  }, [view]);

  const onWheel = (event: WheelEvent) => {
    const element = scroller.current;
    // At once, not with the scroll event: a frame between the two would pull the view back to its end.
    if (event.deltaY < 0 && element && element.scrollHeight > element.clientHeight) {
      setTop(element.scrollTop);
      view.dispatch({ type: 'moved-away' });
    }
  };

  const copy = (from: number, to: number) => {
    const text = view.textBetween(view.positionOf(from), view.positionOf(to));
    if (text === '') return;
    void navigator.clipboard.writeText(text).then(() => onCopied(text.split('\n').length));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const element = scroller.current;
    if (!element) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'c' && picked && (window.getSelection()?.isCollapsed ?? true)) {
      event.preventDefault();
      copy(picked.from, picked.to);
    } else if (command && event.key === 'a') {
      event.preventDefault();
      const first = view.addressAt(0);
      const last = view.addressAt(size - 1);
      if (first !== undefined && last !== undefined) setPicked({ from: first, to: last });
    } else if (event.key === 'Escape' && picked) {
      setPicked(null);
    } else if (event.key === 'End') {
      event.preventDefault();
      view.dispatch({ type: 'jumped-to-end' });
    } else if (['ArrowUp', 'PageUp', 'Home'].includes(event.key) && !command) {
      event.preventDefault();
      setTop(element.scrollTop);
      if (element.scrollTop > 0) view.dispatch({ type: 'moved-away' });
      element.scrollTop -=
        event.key === 'ArrowUp'
          ? LOG_ROW_HEIGHT
          : event.key === 'PageUp'
            ? element.clientHeight - LOG_ROW_HEIGHT
            : element.scrollTop;
    } else if (['ArrowDown', 'PageDown'].includes(event.key) && !command) {
      event.preventDefault();
      element.scrollTop += event.key === 'ArrowDown' ? LOG_ROW_HEIGHT : element.clientHeight - LOG_ROW_HEIGHT;
    }
  };

  // A click picks a row, shift-click up to another; dragging selects text as everywhere.
  const onClick = (event: MouseEvent) => {
    if (!(window.getSelection()?.isCollapsed ?? true)) return;
    const place = (event.target as Element).closest('[data-address]');
    const address = Number(place?.getAttribute('data-address') ?? Number.NaN);
    if (Number.isNaN(address)) return;
    setPicked((before) => {
      if (event.shiftKey && before)
        return { from: Math.min(before.from, address), to: Math.max(before.to, address) };
      return before?.from === address && before.to === address ? null : { from: address, to: address };
    });
  };

  const onSelect = () => {
    const selection = window.getSelection();
    // Text being selected must not run away.
    if (selection && !selection.isCollapsed) view.dispatch({ type: 'moved-away' });
  };

  const inSight = Math.ceil(height / LOG_ROW_HEIGHT);
  const start = follow.following
    ? Math.max(0, size - inSight - OVERSCAN)
    : Math.max(0, Math.min(Math.floor(top / LOG_ROW_HEIGHT) - OVERSCAN, size - inSight));
  const stop = Math.min(size, start + inSight + 2 * OVERSCAN);

  const rows = [];
  for (let position = start; position < stop; position += 1) {
    const address = view.addressAt(position);
    if (address === undefined) continue;
    rows.push(
      <LogRowLine
        key={address}
        ring={view.feed.ring}
        address={address}
        timeMode={timeMode}
        zero={view.feed.firstTime}
        query={view.query}
        current={view.currentMatch === address}
        selected={picked !== null && address >= picked.from && address <= picked.to}
      />,
    );
  }

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="log"
      aria-label="Logs"
      // A live region that speaks thousands of lines a second would drown a screen reader.
      aria-live="off"
      tabIndex={0}
      onScroll={onScroll}
      onWheel={onWheel}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseMove={(event) => {
        if (event.buttons === 1) onSelect();
      }}
    >
      <div className={styles.extent} style={{ height: size * LOG_ROW_HEIGHT }}>
        <div className={styles.window} style={{ transform: `translateY(${start * LOG_ROW_HEIGHT}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
