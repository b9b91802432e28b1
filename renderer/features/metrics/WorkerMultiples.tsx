import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  METRIC_FACTS,
  type Metric,
  type MetricsHistory,
  type MetricsWorker,
} from '#shared/domain/Metrics.ts';
import type { CursorStore } from './CursorStore.ts';
import { Sparkline } from './Sparkline.tsx';
import styles from './WorkerMultiples.module.css';

const TILE_WIDTH = 190;
const TILE_HEIGHT = 64;
const GAP = 8;
/** Beside what is in sight, so that a scroll finds its tiles measured. */
const OVERSCAN_ROWS = 1;

interface WorkerMultiplesProps {
  metric: Metric;
  history: MetricsHistory;
  workers: readonly MetricsWorker[];
  cursor: CursorStore;
  /** What scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  onInSight: (workers: string[]) => void;
  onSelect: (worker: string) => void;
  /** Named as slow. */
  marked: ReadonlySet<string>;
}

/** A small chart for each worker, all to the same scale; only those in sight are there. */
export function WorkerMultiples(props: WorkerMultiplesProps) {
  const { metric, history, workers, cursor, scroller, onInSight, onSelect, marked } = props;
  const box = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(4);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => {
      setColumns(Math.max(1, Math.floor((element.clientWidth + GAP) / (TILE_WIDTH + GAP))));
      setOffset(element.offsetTop);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const measured = useMemo(
    () => new Map(history.workers.map(({ worker, means }) => [worker, means[metric]])),
    [history, metric],
  );
  const top = useMemo(() => topOf([...measured.values()]), [measured]);
  const rows = Math.ceil(workers.length / columns);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised, by hand or by a compiler
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => TILE_HEIGHT + GAP,
    overscan: OVERSCAN_ROWS,
    scrollMargin: offset,
  });
  const items = virtual.getVirtualItems();
  const shown = items.flatMap(({ index }) => workers.slice(index * columns, (index + 1) * columns));
  const names = shown.map(({ worker }) => worker).join('\n');
  useEffect(() => onInSight(names === '' ? [] : names.split('\n')), [names, onInSight]);

  return (
    <section className={styles.whole} aria-label={`${METRIC_FACTS[metric].title} of each worker`}>
      <h2 className={styles.title}>{METRIC_FACTS[metric].title}, each worker</h2>
      <div
        ref={box}
        className={styles.space}
        style={{ height: Math.max(0, virtual.getTotalSize() - GAP) }}
        role="list"
      >
        {items.map(({ index, start }) => (
          <div
            key={index}
            className={styles.row}
            role="presentation"
            style={{
              transform: `translateY(${start - virtual.options.scrollMargin}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {workers.slice(index * columns, (index + 1) * columns).map(({ worker, state }) => (
              <Sparkline
                key={worker}
                worker={worker}
                state={state}
                metric={metric}
                history={history}
                values={measured.get(worker)}
                top={top}
                cursor={cursor}
                isMarked={marked.has(worker)}
                onSelect={onSelect}
              />
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** The highest of all, so that heights can be compared. */
function topOf(columns: readonly (readonly (number | null)[] | undefined)[]): number {
  let top = 0;
  for (const values of columns)
    for (const value of values ?? []) if (value !== null && value > top) top = value;
  return top > 0 ? top : 1;
}
