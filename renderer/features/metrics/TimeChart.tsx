import { type KeyboardEvent, useEffect, useId, useRef, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { METRIC_FACTS, type Metric, type MetricsHistory } from '#shared/domain/Metrics.ts';
import { metricWords } from '#shared/metrics/metricWords.ts';
import { incrementsOf, timeLabel, topFor } from './chartScale.ts';
import { lineColour, useChartTheme } from './chartTheme.ts';
import { chartKey } from './chartKeys.ts';
import type { CursorStore } from './CursorStore.ts';
import type { Span } from './MetricsFeed.ts';
import styles from './TimeChart.module.css';
import { spanOf, timeOfCell, valueAt } from './timeSpans.ts';

const HEIGHT = 132;
const AXIS_WIDTH = 62;
/** Pixels of a drag that is meant. */
const LEAST_DRAG = 6;

interface TimeChartProps {
  metric: Metric;
  history: MetricsHistory;
  lines: readonly { name: string; values: readonly (number | null)[] }[];
  cursor: CursorStore;
  onZoom: (span: Span | null) => void;
}

/** One metric over time, a line a service. Drag to zoom, double-click to go back; keys are in chartKeys. */
export function TimeChart({ metric, history, lines, cursor, onZoom }: TimeChartProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useChartTheme();
  const names = lines.map(({ name }) => name).join('\n');
  const { title, unit, help } = METRIC_FACTS[metric];
  const latest = useRef({ history, onZoom });
  latest.current = { history, onZoom };

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const axis = {
      stroke: theme.text,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { show: false },
      font: `11px ${theme.font}`,
    };
    const chart = new uPlot(
      {
        width: Math.max(80, element.clientWidth),
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: {
          y: false,
          drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG },
          points: { size: 6 },
          bind: {
            // The usual one goes back to all that is drawn; ours goes back to the range.
            dblclick: () => () => {
              latest.current.onZoom(null);
              return null;
            },
          },
        },
        scales: { x: { time: true }, y: { range: (_, __, most) => [0, topFor(most, unit)] } },
        axes: [
          {
            ...axis,
            size: 24,
            space: 76,
            values: (_, splits, __, ___, increment) => splits.map((at) => timeLabel(at * 1000, increment)),
          },
          {
            ...axis,
            size: AXIS_WIDTH,
            space: 28,
            incrs: incrementsOf(unit),
            values: (_, splits) => splits.map((value) => metricWords(value, unit).replace(/\.0+(?= )/, '')),
          },
        ],
        series: [
          {},
          ...names.split('\n').map((label, index) => ({
            label,
            stroke: lineColour(index, theme.isDark),
            width: 1.5,
            points: { show: false },
            spanGaps: false,
          })),
        ],
        hooks: {
          setSelect: [
            (self) => {
              if (self.select.width < LEAST_DRAG) return;
              const fromMs = self.posToVal(self.select.left, 'x') * 1000;
              const toMs = self.posToVal(self.select.left + self.select.width, 'x') * 1000;
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              latest.current.onZoom({ fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs) });
            },
          ],
          setCursor: [
            (self) => {
              const { left } = self.cursor;
              cursor.set(left === undefined || left < 0 ? null : self.posToVal(left, 'x') * 1000);
            },
          ],
        },
      },
      dataOf(latest.current.history, []),
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(80, element.clientWidth), height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [names, unit, theme, cursor]);

  useEffect(() => {
    const chart = plot.current;
    if (chart === null) return;
    const { fromMs, toMs } = spanOf(history);
    chart.batch(() => {
      chart.setData(dataOf(history, lines), false);
      chart.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
    });
  });

  // Pointed at elsewhere, or moved by keys.
  useEffect(
    () =>
      cursor.subscribe(() => {
        const chart = plot.current;
        const timeMs = cursor.get();
        if (chart === null) return;
        const left = timeMs === null ? -10 : chart.valToPos(timeMs / 1000, 'x');
        if (Math.abs(left - (chart.cursor.left ?? -10)) < 1) return;
        chart.setCursor({ left, top: timeMs === null ? -10 : 10 }, false);
      }),
    [cursor],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!chartKey(event, history, cursor, onZoom)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.title} title={help} id={id}>
          {title}
        </span>
        <Readings metric={metric} history={history} lines={lines} cursor={cursor} />
      </figcaption>
      <div
        ref={box}
        className={styles.plot}
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, and the table tells the same
        tabIndex={0}
        aria-label={`${title} over time. ${lines
          .map(({ name, values }) => `${name}: ${metricWords(valueAt(history, values, null), unit)} now`)
          .join(', ')}`}
        onKeyDown={onKeyDown}
        onBlur={() => cursor.set(null)}
        onMouseLeave={() => cursor.set(null)}
        data-metric={metric}
      />
    </figure>
  );
}

/** What each line is, and its value at the cursor or now. */
function Readings({
  metric,
  history,
  lines,
  cursor,
}: Pick<TimeChartProps, 'metric' | 'history' | 'lines' | 'cursor'>) {
  const timeMs = useSyncExternalStore(cursor.subscribe, cursor.get);
  return (
    <span className={styles.readings}>
      {lines.map(({ name, values }, index) => (
        <span key={name} className={styles.reading}>
          <span className={styles.swatch} style={{ background: swatch(index) }} />
          {lines.length > 1 ? <span className={styles.name}>{name}</span> : null}
          <span className={styles.value}>
            {metricWords(valueAt(history, values, timeMs), METRIC_FACTS[metric].unit)}
          </span>
        </span>
      ))}
    </span>
  );
}

const swatch = (index: number): string =>
  `light-dark(${lineColour(index, false)}, ${lineColour(index, true)})`;

function dataOf(
  history: MetricsHistory,
  lines: readonly { values: readonly (number | null)[] }[],
): uPlot.AlignedData {
  const times = Array.from({ length: history.cells }, (_, cell) => timeOfCell(history, cell) / 1000);
  return [times, ...lines.map(({ values }) => values as (number | null)[])];
}
