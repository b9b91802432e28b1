import { readFile } from 'node:fs/promises';
import { METRICS, type MetricsHistory } from '#shared/domain/Metrics.ts';
import type { RunSummary, RunWorker } from '#shared/domain/Run.ts';
import type { MetricsService } from '../metrics/MetricsApi.ts';
import { writeAtomically } from '../store/writeAtomically.ts';
import type { RunFolder } from './RunFolder.ts';

/** A file of so many values is some megabytes; with thousands of workers steps are longer. */
const MOST_VALUES = 400_000;
const MOST_POINTS = 600;
const FEWEST_POINTS = 20;

/** What the archive of metrics has of a run's time and containers; null for nothing. */
export async function measuredOf(
  metrics: Pick<MetricsService, 'history'>,
  { appId, startedAt, closedAt = Date.now() }: RunSummary,
  workers: readonly RunWorker[],
): Promise<MetricsHistory | null> {
  if (closedAt <= startedAt || workers.length === 0) return null;
  const points = Math.floor(MOST_VALUES / (METRICS.length * workers.length));
  const history = await metrics.history({
    appId,
    fromMs: startedAt,
    toMs: closedAt,
    points: Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, points)),
  });
  const names = new Set(workers.map(({ key }) => key));
  const own = history.workers.filter(({ worker }) => names.has(worker));
  return own.length === 0 ? null : { ...history, workers: own };
}

/** Keeps it with the run: the archive forgets what is old. */
export async function keepMetrics(
  metrics: Pick<MetricsService, 'history'>,
  folder: RunFolder,
  run: RunSummary,
  workers: readonly RunWorker[],
): Promise<void> {
  // Without a look there is nothing, and the archive is not gone through for it.
  if (workers.every(({ usage }) => usage === undefined)) return;
  const history = await measuredOf(metrics, run, workers);
  if (history !== null) await writeAtomically(folder.metrics, `${JSON.stringify(history)}\n`);
}

/** Null where nothing was kept, or what was cannot be read. */
export async function readKeptMetrics(folder: RunFolder): Promise<MetricsHistory | null> {
  try {
    return JSON.parse(await readFile(folder.metrics, 'utf8')) as MetricsHistory;
  } catch {
    return null;
  }
}
