import { METRICS, type Metric } from '#shared/domain/Metrics.ts';
import type { CursorStore } from './CursorStore.ts';
import type { MetricsFrame, Span } from './MetricsFeed.ts';
import { TimeChart } from './TimeChart.tsx';
import styles from './TotalsCharts.module.css';

/** Told in other ways: a limit is no use, and time that was held back says little beside the share of periods. */
const NOT_DRAWN = new Set<Metric>(['memoryLimit', 'throttled', 'faults']);

interface TotalsChartsProps {
  frame: Pick<MetricsFrame, 'history' | 'totals'>;
  /** Default: all of which anything is known. */
  only?: readonly Metric[] | undefined;
  cursor: CursorStore;
  onZoom: (span: Span | null) => void;
}

/** A chart for each metric of which anything is known, a line for each service. */
export function TotalsCharts({ frame: { history, totals }, only, cursor, onZoom }: TotalsChartsProps) {
  const drawn = (only ?? METRICS).filter(
    (metric) => !NOT_DRAWN.has(metric) && totals.some(({ values }) => values[metric] !== undefined),
  );
  return (
    <section className={styles.charts} aria-label="By service">
      {drawn.map((metric) => (
        <TimeChart
          key={metric}
          metric={metric}
          history={history}
          lines={totals.map(({ service, values }) => ({
            name: service,
            // One without it keeps its colour, and draws nothing.
            values: values[metric] ?? [],
          }))}
          cursor={cursor}
          onZoom={onZoom}
        />
      ))}
    </section>
  );
}
