import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { MetricsWorker, MetricUnit } from '#shared/domain/Metrics.ts';
import type { Grid } from '#shared/metrics/HistoryGrid.ts';
import { metricWords } from '#shared/metrics/metricWords.ts';
import { clock } from '../app/clock.ts';
import { useChartTheme } from './chartTheme.ts';
import type { CursorStore } from './CursorStore.ts';
import { heatGradient, heatPixels } from './heatColours.ts';
import styles from './HeatMap.module.css';
import { cellAt, spanOf, timeOfCell } from './timeSpans.ts';

/** With more workers rows lose their names, and then their height. */
const ROW_HEIGHTS = [
  { upTo: 40, height: 20 },
  { upTo: 200, height: 12 },
  { upTo: Infinity, height: 4 },
];
const LEAST_NAMED = 12;
const FAR = 10;
const TICKS = 5;

interface HeatMapProps {
  title: string;
  unit: MetricUnit;
  grid: Grid;
  values: ReadonlyMap<string, readonly (number | null)[] | undefined>;
  workers: readonly MetricsWorker[];
  cursor: CursorStore;
  marked: ReadonlySet<string>;
  /** Shows the log of a worker at a moment. */
  onOpen: (worker: string, timeMs: number) => void;
}

/** Workers × time, a colour a cell. A press on a cell, or Enter, shows the log of that worker at that time. */
export function HeatMap(props: HeatMapProps) {
  const { title, unit, grid, values, workers, cursor, marked, onOpen } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<HTMLDivElement>(null);
  const theme = useChartTheme();
  const [row, setRow] = useState(0);
  const timeMs = useSyncExternalStore(cursor.subscribe, cursor.get);
  const rows = workers.map(({ worker }) => values.get(worker));
  const most = mostOf(rows, unit);
  const { height } = ROW_HEIGHTS.find(({ upTo }) => workers.length <= upTo) ?? { height: 4 };
  const { cells } = grid;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || cells === 0 || rows.length === 0) return;
    element.width = cells;
    element.height = rows.length;
    context.putImageData(
      new ImageData(heatPixels(rows, cells, most, theme.isDark), cells, rows.length),
      0,
      0,
    );
  });

  const cell = timeMs === null ? null : cellAt(grid, timeMs);
  const chosen = workers[row];
  const value = cell === null ? null : (rows[row]?.[cell] ?? null);
  const about =
    chosen === undefined || cell === null
      ? ''
      : `${chosen.worker}, ${clock(timeOfCell(grid, cell))}: ${metricWords(value, unit)}`;

  const place = (event: PointerEvent | React.MouseEvent): { row: number; timeMs: number } | null => {
    const frame = map.current?.getBoundingClientRect();
    if (frame === undefined || frame.width === 0) return null;
    const { fromMs, toMs } = spanOf(grid);
    const at = Math.floor(((event.clientY - frame.top) / frame.height) * workers.length);
    return {
      row: Math.max(0, Math.min(workers.length - 1, at)),
      timeMs: fromMs + ((event.clientX - frame.left) / frame.width) * (toMs - fromMs),
    };
  };
  const open = (at: number, when: number): void => {
    const worker = workers[at]?.worker;
    if (worker !== undefined) onOpen(worker, when);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? FAR : 1;
    const goTo = (nextRow: number, nextCell: number): void => {
      setRow(Math.max(0, Math.min(workers.length - 1, nextRow)));
      cursor.set(timeOfCell(grid, Math.max(0, Math.min(cells - 1, nextCell))));
    };
    const now = cell ?? cells - 1;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => goTo(row, cell === null ? now : now - step),
      ArrowRight: () => goTo(row, now + step),
      ArrowUp: () => goTo(row - step, now),
      ArrowDown: () => goTo(row + (cell === null ? 0 : step), now),
      Home: () => goTo(row, 0),
      End: () => goTo(row, cells - 1),
      Enter: () => cell !== null && open(row, timeOfCell(grid, cell)),
      ' ': () => cell !== null && open(row, timeOfCell(grid, cell)),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  const span = spanOf(grid);
  return (
    <section className={styles.whole} aria-label={`${title}, workers by time`}>
      <div className={styles.legend}>
        <span>{metricWords(0, unit)}</span>
        <span className={styles.gradient} style={{ background: heatGradient(theme.isDark) }} />
        <span>{metricWords(most, unit)}</span>
        <span className={styles.about} aria-live="polite">
          {about === '' ? 'Press a cell to see the log of that worker at that time.' : about}
        </span>
      </div>
      <div className={styles.body}>
        <div className={styles.names} aria-hidden>
          {height >= LEAST_NAMED
            ? workers.map(({ worker }, index) => (
                <span
                  key={worker}
                  style={{ height }}
                  data-marked={marked.has(worker) || undefined}
                  data-chosen={(cell !== null && index === row) || undefined}
                >
                  {worker}
                </span>
              ))
            : null}
        </div>
        <div
          ref={map}
          className={styles.map}
          style={{ height: height * workers.length }}
          role="application"
          aria-roledescription="heat map"
          aria-label={`${title} of ${workers.length} workers over time. Arrow keys go from cell to cell, Enter shows the log there.`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onPointerMove={(event) => {
            const at = place(event);
            if (at === null) return;
            setRow(at.row);
            cursor.set(at.timeMs);
          }}
          onPointerLeave={() => cursor.set(null)}
          onBlur={() => cursor.set(null)}
          onClick={(event) => {
            const at = place(event);
            if (at !== null) open(at.row, at.timeMs);
          }}
        >
          <canvas ref={canvas} className={styles.canvas} aria-hidden />
          {cell === null ? null : (
            <span
              className={styles.cell}
              style={{
                left: `${(cell / cells) * 100}%`,
                width: `max(3px, ${100 / cells}%)`,
                top: row * height,
                height,
              }}
            />
          )}
        </div>
        <div className={styles.times} aria-hidden>
          {Array.from({ length: TICKS }, (_, tick) => (
            <span key={tick}>{clock(span.fromMs + ((span.toMs - span.fromMs) * tick) / (TICKS - 1))}</span>
          ))}
        </div>
      </div>
    </section>
  );
}

/** What the strongest colour means: all of a share, else the highest there is. */
function mostOf(rows: readonly (readonly (number | null)[] | undefined)[], unit: MetricUnit): number {
  if (unit === 'share') return 1;
  let most = 0;
  for (const values of rows)
    for (const value of values ?? []) if (value !== null && value > most) most = value;
  return most > 0 ? most : 1;
}
