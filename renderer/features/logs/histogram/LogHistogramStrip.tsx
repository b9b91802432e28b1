import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { LOG_LEVELS } from '#shared/domain/LogLine.ts';
import type { LogHistogram } from '#shared/domain/LogView.ts';
import type { TimeSpan } from '../query/buildLogQuery.ts';
import { formatLogTime, type TimeMode } from '../time/formatLogTime.ts';
import { LEVEL_NAMES } from '../toolbar/LevelMenu.tsx';
import type { Pane } from '../view/usePane.ts';
import { bucketTotal, shareOfTime, spanOfBuckets, stackPaths } from './histogramShape.ts';
import styles from './LogHistogramStrip.module.css';
import { useHistogram } from './useHistogram.ts';

const HEIGHT_PX = 40;
const BUCKET_PX = 6;
/** Places along the strip that are told apart. */
const PLACES = 1000;
/** A press that moves less is a click. */
const DRAG_PX = 4;

interface LogHistogramStripProps {
  /** Whose lines are counted, and whose place is shown. */
  pane: Pane;
  span: TimeSpan | null;
  timeMode: TimeMode;
  zero: number | null;
  onJump: (timeMs: number) => void;
  onSpan: (span: TimeSpan | null) => void;
  ref?: Ref<HTMLDivElement>;
}

/**
 * Lines over time by level. A click goes to a moment, a drag shows only the time dragged over. By keys: arrows move,
 * with Shift they choose, Enter goes or shows, Escape lets go.
 */
export function LogHistogramStrip(props: LogHistogramStripProps) {
  const { pane, span, timeMode, zero, onJump, onSpan, ref } = props;
  const box = useRef<HTMLDivElement>(null);
  const press = useRef<{ bucket: number; x: number } | null>(null);
  const [width, setWidth] = useState(600);
  /** Bucket under the pointer or the keys; `to` is the other end of a choice. */
  const [cursor, setCursor] = useState<{ at: number; from: number } | null>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth || 600));
    observer.observe(element);
    setWidth(element.clientWidth || 600);
    return () => observer.disconnect();
  }, []);

  const wanted = Math.min(500, Math.max(20, Math.round(width / BUCKET_PX)));
  const histogram = useHistogram(pane.view, wanted);
  const paths = useMemo(() => (histogram ? stackPaths(histogram, width, HEIGHT_PX) : []), [histogram, width]);
  // Drawn anew only when the place read has moved by what can be seen.
  useSyncExternalStore(pane.rows.subscribe, () => {
    const seen = pane.rows.timeInSight();
    return seen === null || !histogram ? null : Math.round(shareOfTime(histogram, seen) * PLACES);
  });
  const count = histogram?.buckets.length ?? 0;
  const last = Math.max(0, count - 1);

  const bucketAt = (event: PointerEvent<HTMLElement>) => {
    const frame = event.currentTarget.getBoundingClientRect();
    return Math.min(
      last,
      Math.max(0, Math.floor(((event.clientX - frame.left) / Math.max(1, frame.width)) * count)),
    );
  };
  const apply = (from: number, to: number, isChoice: boolean) => {
    if (!histogram) return;
    const chosen = spanOfBuckets(histogram, from, to);
    if (isChoice) onSpan(chosen);
    else onJump(chosen.fromMs);
    setCursor(null);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || count === 0) return;
    const bucket = bucketAt(event);
    press.current = { bucket, x: event.clientX };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (count === 0) return;
    const at = bucketAt(event);
    const isDrag = press.current !== null && Math.abs(event.clientX - press.current.x) >= DRAG_PX;
    setCursor({ at, from: isDrag && press.current ? press.current.bucket : at });
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const start = press.current;
    press.current = null;
    if (!start) return;
    const isDrag = Math.abs(event.clientX - start.x) >= DRAG_PX;
    apply(start.bucket, isDrag ? bucketAt(event) : start.bucket, isDrag);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!histogram || event.ctrlKey || event.metaKey || event.altKey) return;
    const present = cursor ?? { at: presentBucket(histogram, pane), from: presentBucket(histogram, pane) };
    const moves: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowUp: 1,
      PageDown: -10,
      PageUp: 10,
      Home: -count,
      End: count,
    };
    const by = moves[event.key];
    if (by !== undefined) {
      const at = Math.min(last, Math.max(0, present.at + by));
      setCursor({ at, from: event.shiftKey ? present.from : at });
    } else if (event.key === 'Enter') apply(present.from, present.at, present.from !== present.at);
    else if (event.key === 'Escape' && (cursor || span)) {
      if (cursor) setCursor(null);
      else onSpan(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const place = (ms: number) => (histogram ? shareOfTime(histogram, ms) * 100 : 0);
  const seen = pane.rows.timeInSight();
  const shown = histogram && cursor ? spanOfBuckets(histogram, cursor.from, cursor.at) : null;
  const words = histogram && cursor ? describe(histogram, cursor, timeMode, zero) : null;

  return (
    <div
      ref={(element) => {
        box.current = element;
        if (typeof ref === 'function') ref(element);
        else if (ref) ref.current = element;
      }}
      className={styles.strip}
      role="slider"
      tabIndex={0}
      aria-label="Lines over time"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={cursor?.at ?? (histogram ? presentBucket(histogram, pane) : 0)}
      aria-valuetext={words?.join(', ') ?? (seen === null ? 'No lines' : timeWords(seen, timeMode, zero))}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        press.current = null;
        setCursor(null);
      }}
      onPointerLeave={() => {
        if (!press.current) setCursor(null);
      }}
      onBlur={() => setCursor(null)}
      onKeyDown={onKeyDown}
    >
      <svg
        className={styles.bars}
        viewBox={`0 0 ${width} ${HEIGHT_PX}`}
        preserveAspectRatio="none"
        aria-hidden
      >
        {paths.map(({ level, path }) => (
          <path key={level} d={path} data-level={level} />
        ))}
      </svg>
      {span && histogram ? (
        <div
          className={styles.span}
          style={{ left: `${place(span.fromMs)}%`, right: `${100 - place(span.toMs)}%` }}
        />
      ) : null}
      {shown ? (
        <div
          className={styles.cursor}
          style={{ left: `${place(shown.fromMs)}%`, right: `${100 - place(shown.toMs)}%` }}
        />
      ) : null}
      {seen !== null && histogram ? (
        <div className={styles.seen} style={{ left: `${place(seen)}%` }} />
      ) : null}
      {words && shown ? (
        <div
          className={styles.tip}
          style={
            place(shown.fromMs) > 50
              ? { right: `${100 - place(shown.fromMs)}%` }
              : { left: `${place(shown.toMs)}%` }
          }
          aria-hidden
        >
          {words.map((word) => (
            <span key={word}>{word}</span>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function presentBucket(histogram: LogHistogram, pane: Pane): number {
  const seen = pane.rows.timeInSight();
  const last = Math.max(0, histogram.buckets.length - 1);
  return seen === null
    ? last
    : Math.min(last, Math.floor(shareOfTime(histogram, seen) * histogram.buckets.length));
}

function timeWords(ms: number, mode: TimeMode, zero: number | null): string {
  return formatLogTime(ms, mode === 'off' ? 'local' : mode, zero);
}

/** Time, and lines by level, of one bucket or several. */
function describe(
  histogram: LogHistogram,
  cursor: { at: number; from: number },
  mode: TimeMode,
  zero: number | null,
): string[] {
  const [from, to] = [Math.min(cursor.at, cursor.from), Math.max(cursor.at, cursor.from)];
  const { fromMs, toMs } = spanOfBuckets(histogram, from, to);
  const counts = LOG_LEVELS.map((_, at) => {
    let total = 0;
    for (const bucket of histogram.buckets.slice(from, to + 1)) total += bucket[at] ?? 0;
    return total;
  });
  const total = bucketTotal(counts);
  const time = timeWords(fromMs, mode, zero);
  return [
    from === to ? time : `${time} – ${timeWords(toMs, mode, zero)}`,
    `${total.toLocaleString('en')} ${total === 1 ? 'line' : 'lines'}`,
    ...LOG_LEVELS.flatMap((level, at) =>
      ['warn', 'error', 'fatal'].includes(level) && (counts[at] ?? 0) > 0
        ? [`${LEVEL_NAMES[level]} ${(counts[at] ?? 0).toLocaleString('en')}`]
        : [],
    ),
  ];
}
