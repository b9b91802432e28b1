import {
  METRIC_FACTS,
  METRICS,
  type Metric,
  type MetricsRow,
  type MetricsState,
  type MetricsWorker,
} from '#shared/domain/Metrics.ts';
import { joinValues } from '#shared/metrics/joinValues.ts';
import { metricWords } from '#shared/metrics/metricWords.ts';

const COLUMNS: [head: string, metric: Metric][] = [
  ['CORES', 'cores'],
  ['THROTTLED', 'throttledPeriods'],
  ['MEMORY', 'memory'],
  ['LIMIT', 'memoryLimit'],
  ['NET IN', 'received'],
  ['NET OUT', 'sent'],
  ['DISK READ', 'read'],
  ['DISK WRITE', 'written'],
  ['PROCESSES', 'processes'],
  ['GPUS', 'gpu'],
  ['GPU MEMORY', 'gpuMemory'],
  ['PROGRESS', 'progress'],
];

/** A line for each worker, one for each service of several and one for the whole app; columns of which nothing is known are left out. */
export function metricsTable({ workers }: MetricsState, rows: readonly MetricsRow[]): string[] {
  const byWorker = new Map(rows.map((row) => [row.worker, row.values]));
  const columns = COLUMNS.filter(([, metric]) => rows.some(({ values }) => valueOf(values, metric) !== null));
  const cells = (of: (metric: Metric) => number | null): string[] =>
    columns.map(([, metric]) => metricWords(of(metric), METRIC_FACTS[metric].unit));
  const joined =
    (those: readonly MetricsWorker[]) =>
    (metric: Metric): number | null =>
      joinValues(
        metric,
        those.map(({ worker, state }) =>
          state === 'stopped' ? null : valueOf(byWorker.get(worker), metric),
        ),
      );
  const table = [['WORKER', ...columns.map(([head]) => head)]];
  for (const service of new Set(workers.map((worker) => worker.service))) {
    const own = workers.filter((worker) => worker.service === service);
    for (const { worker, state, oomKills } of own) {
      const values = byWorker.get(worker);
      const name = oomKills === 0 ? worker : `${worker} (killed for want of memory: ${oomKills})`;
      table.push([
        name,
        ...(state === 'stopped' || values === undefined
          ? [state === 'stopped' ? 'stopped' : '…']
          : cells((metric) => valueOf(values, metric))),
      ]);
    }
    if (own.length > 1) table.push([`${service}, all`, ...cells(joined(own))]);
  }
  if (new Set(workers.map(({ service }) => service)).size > 1) table.push(['all', ...cells(joined(workers))]);
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function valueOf(values: readonly (number | null)[] | undefined, metric: Metric): number | null {
  return values?.[METRICS.indexOf(metric)] ?? null;
}
