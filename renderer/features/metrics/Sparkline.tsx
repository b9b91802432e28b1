import { useEffect, useRef, useSyncExternalStore } from 'react';
import { METRIC_FACTS, type MeterState, type Metric, type MetricsHistory } from '#shared/domain/Metrics.ts';
import { metricWords } from '#shared/metrics/metricWords.ts';
import { type ChartTheme, lineColour, useChartTheme } from './chartTheme.ts';
import type { CursorStore } from './CursorStore.ts';
import { cellAt, valueAt } from './timeSpans.ts';
import styles from './WorkerMultiples.module.css';

interface SparklineProps {
  worker: string;
  state: MeterState;
  metric: Metric;
  history: MetricsHistory;
  values: readonly (number | null)[] | undefined;
  /** The value at the upper edge. */
  top: number;
  cursor: CursorStore;
  isMarked: boolean;
  onSelect: (worker: string) => void;
}

/** One worker's metric, with its value at the cursor or now. A press shows its log. */
export function Sparkline(props: SparklineProps) {
  const { worker, state, metric, history, values, top, cursor, isMarked, onSelect } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useChartTheme();
  const timeMs = useSyncExternalStore(cursor.subscribe, cursor.get);
  const { unit, title } = METRIC_FACTS[metric];
  const value = valueAt(history, values, timeMs);
  const words =
    value === null && timeMs === null && state === 'stopped' ? 'stopped' : metricWords(value, unit);

  useEffect(() => {
    const element = canvas.current;
    if (element !== null)
      draw(element, theme, values ?? [], top, timeMs === null ? null : cellAt(history, timeMs));
  }, [history, values, top, timeMs, theme]);

  return (
    <div role="listitem">
      <button
        type="button"
        className={styles.tile}
        style={{ width: '100%' }}
        data-marked={isMarked || undefined}
        data-worker={worker}
        aria-label={`${worker}, ${title}: ${words}${isMarked ? ', lags behind its peers' : ''}. Show its log.`}
        onClick={() => onSelect(worker)}
      >
        <span className={styles.head}>
          <span className={styles.worker}>{worker}</span>
          <span className={styles.value}>{words}</span>
        </span>
        <canvas ref={canvas} className={styles.canvas} aria-hidden />
      </button>
    </div>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  theme: ChartTheme,
  values: readonly (number | null)[],
  top: number,
  cell: number | null,
): void {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (context === null || width === 0 || height === 0) return;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const colour = lineColour(0, theme.isDark);
  const x = (at: number): number => ((at + 0.5) / values.length) * width;
  const y = (value: number): number => height - 1 - (value / top) * (height - 4);
  context.lineWidth = 1.25;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  let from = -1;
  for (let at = 0; at <= values.length; at += 1) {
    const value = values[at];
    if (value !== null && value !== undefined) {
      if (from === -1) from = at;
      continue;
    }
    if (from === -1) continue;
    context.beginPath();
    for (let point = from; point < at; point += 1) context.lineTo(x(point), y(values[point] as number));
    // A lone value is seen, too.
    if (at === from + 1) context.lineTo(x(from) + 1, y(values[from] as number));
    context.stroke();
    context.lineTo(x(at - 1), height);
    context.lineTo(x(from), height);
    context.globalAlpha = 0.12;
    context.fill();
    context.globalAlpha = 1;
    from = -1;
  }
  if (cell === null) return;
  context.fillStyle = theme.text;
  context.fillRect(Math.round(x(cell)), 0, 1, height);
}
