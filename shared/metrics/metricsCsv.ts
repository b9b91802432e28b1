import { METRICS, type MetricsHistory, type MetricsRow, type MetricsWorker } from '../domain/Metrics.ts';
import { csvText } from '../text/csvText.ts';

const HEAD = ['time', 'worker', 'service', ...METRICS];

/** The line that names the columns: time (ISO 8601, UTC), worker, service and the metrics by their names and in their base units. */
export const metricsCsvHead = (): string => `${HEAD.join(',')}\n`;

/** A line for each worker, nothing where a value is not known (RFC 4180). */
export function metricsCsvRows(workers: readonly MetricsWorker[], rows: readonly MetricsRow[]): string {
  const services = new Map(workers.map(({ worker, service }) => [worker, service]));
  return rows
    .map(({ worker, atMs, values }) => line(atMs, worker, services.get(worker) ?? '', values))
    .join('');
}

/** Means of each cell and worker, in the order of time. */
export function historyCsv({ fromMs, stepMs, cells, workers }: MetricsHistory): string {
  const lines = [metricsCsvHead()];
  for (let cell = 0; cell < cells; cell += 1)
    for (const { worker, service, means } of workers) {
      const values = METRICS.map((metric) => means[metric]?.[cell] ?? null);
      if (values.some((value) => value !== null))
        lines.push(line(fromMs + (cell + 1) * stepMs, worker, service, values));
    }
  return lines.join('');
}

function line(atMs: number, worker: string, service: string, values: readonly (number | null)[]): string {
  const texts = [
    new Date(atMs).toISOString(),
    csvText(worker),
    csvText(service),
    ...values.map((v) => v ?? ''),
  ];
  return `${texts.join(',')}\n`;
}
