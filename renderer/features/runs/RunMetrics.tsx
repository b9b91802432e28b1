import { useEffect, useMemo, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { Metric, MetricsHistory } from '#shared/domain/Metrics.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { CursorStore } from '../metrics/CursorStore.ts';
import { cutHistory } from '../metrics/cutHistory.ts';
import type { Span } from '../metrics/MetricsFeed.ts';
import { totalsOf } from '../metrics/totalsOf.ts';
import { TotalsCharts } from '../metrics/TotalsCharts.tsx';
import styles from './RunMetrics.module.css';

const FIRST: readonly Metric[] = ['cores', 'memory'];

interface RunMetricsProps {
  client: Client;
  runId: string;
  /** Grows whenever something of the run may have changed. */
  number: number;
}

/** What was measured of a run, by service; nothing where nothing was. */
export function RunMetrics({ client, runId, number }: RunMetricsProps) {
  const [answer, setAnswer] = useState<{ history?: MetricsHistory | null; error?: ErrorShape }>({});
  const [cursor] = useState(() => new CursorStore());
  const [zoom, setZoom] = useState<Span | null>(null);
  const [isWhole, setIsWhole] = useState(false);
  useEffect(() => {
    let stale = false;
    client.call('runs.metrics', { id: runId }).then(
      (history) => stale || setAnswer({ history }),
      (error: unknown) => stale || setAnswer({ error: toErrorShape(error) }),
    );
    return () => {
      stale = true;
    };
  }, [client, runId, number]);
  const { history, error } = answer;
  const frame = useMemo(() => {
    if (!history) return undefined;
    const shown = cutHistory(history, zoom);
    return { history: shown, totals: totalsOf(shown) };
  }, [history, zoom]);
  if (error !== undefined)
    return (
      <Banner tone="warn" title="What was measured cannot be read">
        {error.message}
      </Banner>
    );
  if (frame === undefined) return null;
  return (
    <section className={styles.metrics} aria-label="Measured">
      <header className={styles.head}>
        <h3 className={styles.title}>Measured</h3>
        {zoom === null ? null : (
          <Button size="small" variant="ghost" onClick={() => setZoom(null)}>
            Reset zoom
          </Button>
        )}
        <Button size="small" variant="ghost" aria-pressed={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Less' : 'All metrics'}
        </Button>
      </header>
      <TotalsCharts frame={frame} only={isWhole ? undefined : FIRST} cursor={cursor} onZoom={setZoom} />
    </section>
  );
}
