import { Activity, Power } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { METRIC_FACTS, type Metric, type MetricsWorker } from '#shared/domain/Metrics.ts';
import { findStragglers } from '#shared/metrics/findStragglers.ts';
import { stragglerInputs } from '#shared/metrics/stragglerInputs.ts';
import { showError } from '../../app/showError.ts';
import { Banner } from '../../ui/Banner.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { CursorStore } from './CursorStore.ts';
import { exportMetrics } from './exportMetrics.ts';
import { GpuStrip } from './GpuStrip.tsx';
import { HeatMap } from './HeatMap.tsx';
import { MetricsFeed, type MetricsFrame, type Range, type Span } from './MetricsFeed.ts';
import styles from './MetricsPanel.module.css';
import { MetricsTable } from './MetricsTable.tsx';
import { LINES_TITLE, MetricsToolbar, type MetricsLook, type ShownMetric } from './MetricsToolbar.tsx';
import { StragglerList } from './StragglerList.tsx';
import { spanOf, zoomed } from './timeSpans.ts';
import { type LogRates, useLogRates } from './useLogRates.ts';
import { TotalsCharts } from './TotalsCharts.tsx';
import { WorkerMultiples } from './WorkerMultiples.tsx';

/** Up to so many workers are all measured every second: their sums are then of one moment. */
const ALL_IN_SIGHT = 100;

interface MetricsPanelProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
  /** Shows the log of a worker, at a moment where one is given. */
  onShowLog: (worker: string, timeMs?: number) => void;
}

/** What the containers of an app use: by service, by worker, as charts, a heat map or a table; and who lags behind. */
export default function MetricsPanel({ app, client, engineReady, onShowLog }: MetricsPanelProps) {
  const [feed] = useState(() => new MetricsFeed(client, app.id));
  const [cursor] = useState(() => new CursorStore());
  useEffect(() => feed.start(), [feed]);
  const frame = useSyncExternalStore(feed.subscribe, feed.frame);
  const [range, setRange] = useState<Range>('1m');
  const [zoom, setZoom] = useState<Span | null>(null);
  const [look, setLook] = useState<MetricsLook>('charts');
  const [shown, setShown] = useState<ShownMetric>('cores');
  const metric = shown === 'lines' ? 'cores' : shown;
  const rates = useLogRates(client, app.id, frame.history, look === 'heat' && shown === 'lines');
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => feed.show(range, zoom), [feed, range, zoom]);

  const workers = useWorkers(frame);
  const isFew = workers.length <= ALL_IN_SIGHT;
  const onInSight = useCallback(
    (names: string[]) => feed.setInSight(isFew ? undefined : names),
    [feed, isFew],
  );
  useEffect(() => {
    // Elsewhere than among the small charts nobody looks at single workers closely.
    if (look !== 'charts') feed.setInSight(isFew ? undefined : []);
  }, [feed, look, isFew]);
  const stragglers = useMemo(
    () => findStragglers(stragglerInputs(frame.history, frame.state?.workers ?? [], app.workers)),
    [frame, app.workers],
  );
  const marked = useMemo(() => new Set(stragglers.map(({ worker }) => worker)), [stragglers]);

  const hasData = frame.history.workers.length > 0;
  const save = (format: Parameters<typeof exportMetrics>[3]): void =>
    void exportMetrics(client, app, frame, format).catch(showError);
  const zoomBy = (factor: number): void => {
    const span = spanOf(frame.history);
    setZoom(zoomed(span, cursor.get() ?? span.toMs, factor));
  };

  return (
    <div className={styles.panel} data-testid="metrics-panel">
      <MetricsToolbar
        range={range}
        onRange={(next) => {
          setRange(next);
          setZoom(null);
        }}
        zoom={zoom}
        onZoomIn={() => zoomBy(0.5)}
        onZoomOut={() => zoomBy(2)}
        onReset={() => setZoom(null)}
        look={look}
        onLook={setLook}
        metric={look === 'heat' ? shown : metric}
        onMetric={setShown}
        known={knownMetrics(frame)}
        hasData={hasData}
        cursor={cursor}
        onSave={save}
      />
      <div className={styles.scroller} ref={scroller} data-testid="metrics-scroller">
        <Notice frame={frame} engineReady={engineReady} />
        {hasData ? (
          <>
            <StragglerList stragglers={stragglers} onShowLog={(worker) => onShowLog(worker)} />
            {look === 'charts' ? (
              <>
                <TotalsCharts frame={frame} cursor={cursor} onZoom={setZoom} />
                <WorkerMultiples
                  metric={metric}
                  history={frame.history}
                  workers={workers}
                  cursor={cursor}
                  scroller={scroller}
                  onInSight={onInSight}
                  onSelect={onShowLog}
                  marked={marked}
                />
              </>
            ) : look === 'heat' ? (
              <HeatMap
                {...heatOf(shown, frame, rates)}
                workers={workers}
                cursor={cursor}
                marked={marked}
                onOpen={onShowLog}
              />
            ) : (
              <MetricsTable frame={frame} workers={workers} cursor={cursor} scroller={scroller} />
            )}
            <GpuStrip gpus={frame.state?.gpus ?? []} />
          </>
        ) : (
          <Nothing frame={frame} engineReady={engineReady} hasRange={range !== '1m' || zoom !== null} />
        )}
      </div>
    </div>
  );
}

/** Those there are, and those that were measured in the time that is shown though they are gone. */
function useWorkers({ state, history }: MetricsFrame): MetricsWorker[] {
  const present = new Set(state?.workers.map(({ worker }) => worker));
  const gone = history.workers
    .filter(({ worker }) => !present.has(worker))
    .map(({ worker, service }): MetricsWorker => ({ worker, service, state: 'stopped', oomKills: 0 }));
  return [...(state?.workers ?? []), ...gone];
}

function knownMetrics({ totals }: MetricsFrame): ReadonlySet<Metric> {
  return new Set(totals.flatMap(({ values }) => Object.keys(values) as Metric[]));
}

/** What the heat map shows. */
function heatOf(shown: ShownMetric, { history }: MetricsFrame, rates: LogRates | null) {
  if (shown === 'lines')
    return {
      title: LINES_TITLE,
      unit: 'perSecond' as const,
      grid: rates?.grid ?? history,
      values: rates?.values ?? NO_VALUES,
    };
  const { title, unit } = METRIC_FACTS[shown];
  const values = new Map(history.workers.map(({ worker, means }) => [worker, means[shown]]));
  return { title, unit, grid: history, values };
}

const NO_VALUES: ReadonlyMap<string, number[]> = new Map();

function Notice({ frame, engineReady }: { frame: MetricsFrame; engineReady: boolean }) {
  if (!engineReady || frame.state?.phase === 'away')
    return (
      <Banner tone="warn" title="The engine does not answer.">
        What was measured is kept here; measuring goes on when it is back.
      </Banner>
    );
  if (frame.state?.phase === 'study')
    return (
      <Banner tone="info" title="A study takes times now.">
        Nothing is measured beside it, so that nothing slows it down; measuring goes on between its runs and
        after it.
      </Banner>
    );
  return null;
}

function Nothing({
  frame,
  engineReady,
  hasRange,
}: {
  frame: MetricsFrame;
  engineReady: boolean;
  hasRange: boolean;
}) {
  const runs = (frame.state?.workers ?? []).some(({ state }) => state !== 'stopped');
  if (frame.state === null || frame.isLoading || (runs && !hasRange && engineReady))
    return (
      <div className={styles.waiting}>
        <Spinner />
        {runs ? <span>The first values come after two seconds.</span> : null}
      </div>
    );
  if (!engineReady) return null;
  return runs ? (
    <EmptyState compact icon={<Activity size={22} />} title="Nothing was measured in this time">
      Only while somebody looks are containers measured.
    </EmptyState>
  ) : (
    <EmptyState compact icon={<Power size={22} />} title="No container of this app runs">
      When it runs you see here how many cores, how much memory, network and disk each worker uses, and which
      of them keeps the others waiting.
    </EmptyState>
  );
}
