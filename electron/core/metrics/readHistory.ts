import { FlotillaError } from '#shared/contract/errors.ts';
import { METRICS, type Metric, type MetricsHistory } from '#shared/domain/Metrics.ts';
import { gridOver, HistoryGrid } from '#shared/metrics/HistoryGrid.ts';
import type { MetricsArchive, Tier } from './MetricsArchive.ts';
import type { WorkerRecord } from './recordFile.ts';
import type { WorkerSeries } from './WorkerSeries.ts';

const TEN_SECONDS_MS = 10_000;
const MINUTE_MS = 60_000;

/**
 * What was measured of all workers, from the memory where it reaches back that far and from the disk before that, the finest steps first.
 * @throws FlotillaError `invalid-input`
 */
export async function readHistory(
  archive: MetricsArchive,
  series: ReadonlyMap<string, WorkerSeries>,
  request: {
    fromMs?: number | undefined;
    toMs?: number | undefined;
    lastMs?: number | undefined;
    points: number;
    metrics?: readonly Metric[] | undefined;
  },
): Promise<MetricsHistory> {
  const newest = Math.max(...[...series.values()].map(({ ring }) => ring.lastMs ?? 0), 0);
  const toMs = request.toMs ?? (newest > 0 ? newest : Date.now());
  const asked = request.lastMs === undefined ? request.fromMs : Math.max(0, toMs - request.lastMs);
  if (asked !== undefined && asked >= toMs)
    throw new FlotillaError('invalid-input', 'The time that was asked for ends before it begins.', {
      hint: 'Choose an earlier begin.',
    });
  const inMemory = Math.min(...[...series.values()].map(({ ring }) => ring.firstMs ?? Infinity), Infinity);
  const records = asked !== undefined && asked >= inMemory ? [] : await readRecords(archive, asked, toMs);
  const oldest = records.reduce((least, { atMs, spanMs }) => Math.min(least, atMs - spanMs), inMemory);
  const fromMs = asked ?? (Number.isFinite(oldest) && oldest < toMs ? oldest : toMs - MINUTE_MS);
  const grid = gridOver(fromMs, toMs, request.points);

  const grids = new Map<string, HistoryGrid>();
  const gridOf = (worker: string): HistoryGrid => {
    let found = grids.get(worker);
    if (found === undefined) {
      found = new HistoryGrid(grid, request.metrics ?? METRICS);
      grids.set(worker, found);
    }
    return found;
  };
  for (const { worker, ring } of series.values()) {
    const own = gridOf(worker);
    ring.eachSince(grid.fromMs, (atMs, spanMs, values) => own.add(atMs, spanMs, values));
  }
  for (const { worker, atMs, spanMs, mean, max } of records) {
    const since = series.get(worker)?.ring.firstMs ?? Infinity;
    if (atMs - spanMs < since && atMs > grid.fromMs) gridOf(worker).add(atMs, spanMs, mean, max);
  }
  const workers = [...grids]
    .map(([worker, own]) => ({ worker, service: serviceOf(worker), ...own.columns() }))
    .filter(({ means }) => Object.keys(means).length > 0)
    .sort(byServiceAndNumber);
  return { ...grid, workers };
}

/** Of ten seconds where there are, of a minute before them. */
async function readRecords(
  archive: MetricsArchive,
  fromMs: number | undefined,
  toMs: number,
): Promise<WorkerRecord[]> {
  const records: WorkerRecord[] = [];
  let finer = Infinity;
  const take = async (tier: Tier): Promise<void> => {
    const before = finer;
    await archive.read(tier, (record) => {
      if (record.atMs > toMs || record.atMs <= (fromMs ?? 0) || record.atMs > before) return;
      records.push(record);
      if (tier === '10s') finer = Math.min(finer, record.atMs - TEN_SECONDS_MS);
    });
  };
  await take('10s');
  await take('60s');
  return records;
}

/** A worker’s name is its service's and its number. */
const serviceOf = (worker: string): string => worker.slice(0, worker.lastIndexOf('-'));

function byServiceAndNumber(
  one: { worker: string; service: string },
  other: { worker: string; service: string },
): number {
  if (one.service !== other.service) return one.service < other.service ? -1 : 1;
  return numberOf(one.worker) - numberOf(other.worker);
}

const numberOf = (worker: string): number => Number(worker.slice(worker.lastIndexOf('-') + 1));
