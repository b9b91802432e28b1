import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { METRICS, type MetricsRow, type MetricsWorker } from '#shared/domain/Metrics.ts';
import { historyCsv } from '#shared/metrics/metricsCsv.ts';
import { prometheusText } from '#shared/metrics/prometheusText.ts';
import { fileName, saveFile } from '../../app/saveFile.ts';
import type { MetricsFrame } from './MetricsFeed.ts';
import { spanOf, valueAt } from './timeSpans.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'prometheus'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const TYPES: Record<ExportFormat, { type: string; ending: string }> = {
  csv: { type: 'text/csv;charset=utf-8', ending: 'csv' },
  json: { type: 'application/json', ending: 'json' },
  prometheus: { type: 'text/plain;version=0.0.4;charset=utf-8', ending: 'prom' },
};
/** As fine as it was measured, as far as a file of so many values goes. */
const MOST_POINTS = 5_000;
const FEWEST_POINTS = 60;
const MOST_VALUES = 1_000_000;

/**
 * Saves what is shown: as CSV or JSON the whole stretch, as finely as it is kept; for Prometheus the newest values, which is all it takes.
 * @throws FlotillaError when the history cannot be read
 */
export async function exportMetrics(
  client: Client,
  app: Pick<AppView, 'id' | 'title'>,
  frame: MetricsFrame,
  format: ExportFormat,
): Promise<void> {
  const { type, ending } = TYPES[format];
  const text = await textOf(client, app, frame, format);
  saveFile(new Blob([text], { type }), fileName(`${app.title}-metrics`, 'metrics', new Date(), ending));
}

async function textOf(
  client: Client,
  app: Pick<AppView, 'id' | 'title'>,
  frame: MetricsFrame,
  format: ExportFormat,
): Promise<string> {
  if (format === 'prometheus')
    return prometheusText(app.title, frame.state?.workers ?? [], newestRows(frame));
  const { fromMs, toMs } = spanOf(frame.history);
  const columns = METRICS.length * Math.max(1, frame.history.workers.length);
  const points = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, Math.floor(MOST_VALUES / columns)));
  const history = await client.call('metrics.history', { appId: app.id, fromMs, toMs, points });
  return format === 'csv' ? historyCsv(history) : `${JSON.stringify({ app: app.title, ...history })}\n`;
}

/** The last known values of workers that run. */
export function newestRows({ history, state }: MetricsFrame): MetricsRow[] {
  const running = new Set(
    (state?.workers ?? []).flatMap((one: MetricsWorker) => (one.state === 'stopped' ? [] : [one.worker])),
  );
  return history.workers
    .filter(({ worker }) => running.has(worker))
    .map(({ worker, means }) => ({
      worker,
      atMs: spanOf(history).toMs,
      spanMs: history.stepMs,
      values: METRICS.map((metric) => valueAt(history, means[metric], null)),
    }));
}
