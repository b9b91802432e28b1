import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { WorkerView } from '#shared/domain/AppView.ts';
import { countPhases } from './countPhases.ts';
import { displayName } from './displayName.ts';
import { type GridMeasures, layOutGrid, neighbour, rowsBetween } from './gridLayout.ts';
import styles from './WorkersGrid.module.css';
import { WorkerTile } from './WorkerTile.tsx';

/** From so many workers on, tiles have one line. */
const DENSE_FROM = 33;
const GAP = 6;
const OVERSCAN_PIXELS = 240;

interface WorkersGridProps {
  workers: readonly WorkerView[];
  /** Services in the order to show; workers of others follow. */
  serviceOrder: readonly string[];
  selected: string | null;
  onSelect: (key: string | null) => void;
  /** The element that scrolls, of which the grid is a part. */
  scroller: RefObject<HTMLElement | null>;
}

/** All workers by service, as tiles; only those in sight are in the document. */
export function WorkersGrid({ workers, serviceOrder, selected, onSelect, scroller }: WorkersGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [sight, setSight] = useState({ from: 0, to: 800 });
  const [focusKey, setFocusKey] = useState<string | null>(null);
  const moveFocus = useRef(false);

  const groups = useMemo(() => groupWorkers(workers, serviceOrder), [workers, serviceOrder]);
  const dense = workers.length >= DENSE_FROM;
  const layout = useMemo(() => {
    const measures: GridMeasures = {
      width,
      tileMinWidth: dense ? 158 : 172,
      tileHeight: dense ? 28 : 48,
      gap: GAP,
      headerHeight: 28,
      groupGap: 10,
    };
    return layOutGrid(
      groups.map((group) => group.workers.length),
      measures,
    );
  }, [groups, width, dense]);

  // Not a layout effect: the scroller is an ancestor, whose ref is set only after the layout effects down here.
  useEffect(() => {
    const element = grid.current;
    const parent = scroller.current;
    if (!element || !parent) return undefined;
    const look = () => {
      const box = element.getBoundingClientRect();
      const window = parent.getBoundingClientRect();
      setWidth(element.clientWidth);
      const from = Math.max(0, window.top - box.top - OVERSCAN_PIXELS);
      const to = window.bottom - box.top + OVERSCAN_PIXELS;
      // In steps, so that scrolling draws again only when a row comes or goes.
      const next = { from: Math.floor(from / 80) * 80, to: Math.ceil(to / 80) * 80 };
      setSight((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(parent);
    observer.observe(element);
    parent.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      parent.removeEventListener('scroll', look);
    };
  }, [scroller]);

  const firstKey = groups[0]?.workers[0]?.key ?? null;
  const present = (key: string | null) => key !== null && workers.some((worker) => worker.key === key);
  const tabbableKey = present(focusKey) ? focusKey : present(selected) ? selected : firstKey;

  const select = useCallback(
    (key: string) => {
      setFocusKey(key);
      onSelect(key === selected ? null : key);
    },
    [onSelect, selected],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const key = (event.target as Element).closest('[data-worker]')?.getAttribute('data-worker');
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && selected !== null) {
      onSelect(null);
      return;
    }
    const group = groups.findIndex((candidate) => candidate.workers.some((worker) => worker.key === key));
    const index = groups[group]?.workers.findIndex((worker) => worker.key === key) ?? -1;
    if (index < 0) return;
    const next = neighbour(
      groups.map((candidate) => candidate.workers.length),
      layout.columns,
      { group, index },
      event.key,
    );
    if (!next) return;
    event.preventDefault();
    const target = groups[next.group]?.workers[next.index];
    const row = layout.rows.find(
      (candidate) =>
        candidate.kind === 'tiles' &&
        candidate.group === next.group &&
        candidate.first <= next.index &&
        next.index < candidate.end,
    );
    if (!target || !row) return;
    // Bring the row into sight first: its tile may not be in the document yet.
    const element = grid.current;
    const parent = scroller.current;
    if (element && parent) {
      const offset = element.getBoundingClientRect().top - parent.getBoundingClientRect().top + row.top;
      const below = offset + row.height - parent.clientHeight;
      if (offset < 0) parent.scrollBy(0, offset - GAP);
      else if (below > 0) parent.scrollBy(0, below + GAP);
    }
    moveFocus.current = true;
    setFocusKey(target.key);
  };

  useLayoutEffect(() => {
    if (!moveFocus.current || focusKey === null) return;
    const button = grid.current?.querySelector<HTMLElement>(`[data-worker="${CSS.escape(focusKey)}"] button`);
    if (!button) return;
    moveFocus.current = false;
    button.focus({ preventScroll: true });
  });

  return (
    <div
      ref={grid}
      role="list"
      aria-label="Workers"
      className={styles.grid}
      style={{ height: layout.height }}
      onKeyDown={onKeyDown}
    >
      {rowsBetween(layout, sight.from, sight.to).map((row) => {
        const group = groups[row.group];
        if (!group) return null;
        if (row.kind === 'header') {
          return (
            <div
              key={`header-${group.service}`}
              role="presentation"
              className={styles.header}
              style={{ transform: `translateY(${row.top}px)` }}
            >
              <span className={styles.service}>{displayName(group.service)}</span>
              <span className={styles.counts}>
                {countPhases(group.workers)
                  .map(({ text }) => text)
                  .join(' · ')}
              </span>
            </div>
          );
        }
        return (
          <div
            key={`${group.service}-${row.first}`}
            role="presentation"
            className={styles.row}
            style={{
              transform: `translateY(${row.top}px)`,
              height: row.height,
              gridTemplateColumns: `repeat(${layout.columns}, minmax(0, 1fr))`,
            }}
          >
            {group.workers.slice(row.first, row.end).map((worker) => (
              <WorkerTile
                key={worker.key}
                worker={worker}
                selected={worker.key === selected}
                tabbable={worker.key === tabbableKey}
                dense={dense}
                onSelect={select}
              />
            ))}
          </div>
        );
      })}
    </div>
  );
}

function groupWorkers(
  workers: readonly WorkerView[],
  serviceOrder: readonly string[],
): { service: string; workers: WorkerView[] }[] {
  const groups = new Map<string, WorkerView[]>(serviceOrder.map((service) => [service, []]));
  for (const worker of workers) {
    const group = groups.get(worker.service);
    if (group) group.push(worker);
    else groups.set(worker.service, [worker]);
  }
  return [...groups]
    .filter(([, all]) => all.length > 0)
    .map(([service, all]) => ({ service, workers: all.toSorted((left, right) => left.index - right.index) }));
}
