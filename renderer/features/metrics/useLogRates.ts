import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { MetricsHistory } from '#shared/domain/Metrics.ts';
import type { Grid } from '#shared/metrics/HistoryGrid.ts';
import { LogViewClient } from '../logs/view/LogViewClient.ts';
import { spanOf } from './timeSpans.ts';

const EVERYTHING = {};
const MOST_BUCKETS = 500;
/** Between two questions. */
const GAP_MS = 950;

export interface LogRates {
  grid: Grid;
  /** Lines a second in each cell, by worker. */
  values: ReadonlyMap<string, number[]>;
}

/** How much each worker writes to its log, in the cells of a history; the log is open only while this is asked for. Null until the first answer. */
export function useLogRates(
  client: Client,
  appId: string,
  history: MetricsHistory,
  isWanted: boolean,
): LogRates | null {
  const [view] = useState(() => new LogViewClient(client, { appId, query: EVERYTHING }));
  const [rates, setRates] = useState<LogRates | null>(null);
  const askedAt = useRef(-Infinity);
  useEffect(() => {
    if (!isWanted) return undefined;
    view.open();
    return () => {
      view.close();
      setRates(null);
    };
  }, [view, isWanted]);
  const isOpen = useSyncExternalStore(view.subscribe, () => view.status === 'open');

  useEffect(() => {
    const { fromMs, stepMs, cells } = history;
    if (!isWanted || !isOpen || cells === 0 || performance.now() - askedAt.current < GAP_MS) return;
    askedAt.current = performance.now();
    view
      .workerCounts({ buckets: Math.min(MOST_BUCKETS, cells), ...spanOf(history) })
      .then(({ workers }) =>
        setRates({
          grid: { fromMs, stepMs, cells },
          values: new Map(
            workers.map(({ worker, buckets }) => [worker, buckets.map((lines) => lines / (stepMs / 1000))]),
          ),
        }),
      )
      // The next frame asks again.
      .catch(() => undefined);
  }, [view, history, isWanted, isOpen]);
  return isWanted ? rates : null;
}
