import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { METRIC_FACTS, METRICS, type Metric, type MetricsWorker } from '#shared/domain/Metrics.ts';
import { joinValues } from '#shared/metrics/joinValues.ts';
import { metricWords } from '#shared/metrics/metricWords.ts';
import type { CursorStore } from './CursorStore.ts';
import type { MetricsFrame } from './MetricsFeed.ts';
import styles from './MetricsTable.module.css';
import { valueAt } from './timeSpans.ts';

const ROW_HEIGHT = 27;
const OVERSCAN = 10;

interface Line {
  name: string;
  isTotal: boolean;
  value: (metric: Metric) => number | null;
  note: string;
}

interface MetricsTableProps {
  frame: MetricsFrame;
  workers: readonly MetricsWorker[];
  cursor: CursorStore;
  scroller: RefObject<HTMLDivElement | null>;
}

/** The numbers that the charts draw, now or at the cursor: a row a service, then one for each of its workers; last the whole app. */
export function MetricsTable({ frame: { history, totals }, workers, cursor, scroller }: MetricsTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => setOffset(box.current?.offsetTop ?? 0), []);
  const timeMs = useSyncExternalStore(cursor.subscribe, cursor.get);
  const known = METRICS.filter((metric) => totals.some(({ values }) => values[metric] !== undefined));
  const measured = new Map(history.workers.map((worker) => [worker.worker, worker]));
  const services = [...new Set(workers.map(({ service }) => service))];
  const lines = services.flatMap((service): Line[] => {
    const own = workers.filter((worker) => worker.service === service);
    const total = totals.find((one) => one.service === service)?.values ?? {};
    return [
      {
        name: service,
        isTotal: true,
        value: (metric) => valueAt(history, total[metric], timeMs),
        note: `${own.length} worker${own.length === 1 ? '' : 's'}`,
      },
      ...own.map(
        ({ worker, state, oomKills }): Line => ({
          name: worker,
          isTotal: false,
          value: (metric) => valueAt(history, measured.get(worker)?.means[metric], timeMs),
          note:
            oomKills > 0 ? `killed for want of memory: ${oomKills}` : state === 'stopped' ? 'stopped' : '',
        }),
      ),
    ];
  });
  if (services.length > 1)
    lines.push({
      name: 'all services',
      isTotal: true,
      value: (metric) =>
        joinValues(
          metric,
          workers.map(({ worker }) => valueAt(history, measured.get(worker)?.means[metric], timeMs)),
        ),
      note: `${workers.length} workers`,
    });
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised, by hand or by a compiler
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: offset,
  });
  const items = virtual.getVirtualItems();
  const before = (items[0]?.start ?? offset) - offset;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset);
  return (
    <div ref={box} className={styles.box}>
      <table className={styles.table} aria-label="Metrics by worker" aria-rowcount={lines.length + 1}>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            {known.map((metric) => (
              <th key={metric} scope="col" title={METRIC_FACTS[metric].help}>
                {METRIC_FACTS[metric].title}
              </th>
            ))}
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Space height={before} /> : null}
          {items.map(({ index }) => {
            const line = lines[index];
            return line === undefined ? null : (
              <tr key={line.name} aria-rowindex={index + 2} data-total={line.isTotal || undefined}>
                <th scope="row">{line.name}</th>
                {known.map((metric) => (
                  <td key={metric}>{metricWords(line.value(metric), METRIC_FACTS[metric].unit)}</td>
                ))}
                <td>{line.note}</td>
              </tr>
            );
          })}
          {after > 0 ? <Space height={after} /> : null}
        </tbody>
      </table>
    </div>
  );
}

const Space = ({ height }: { height: number }) => <tr aria-hidden style={{ height }} />;
