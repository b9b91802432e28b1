import type { StudyRecord, StudyRun } from '../../domain/Study.ts';
import type { StudyReport } from '../analyseStudy.ts';
import type { StudyPoint } from '../measurePoints.ts';
import { csvLines } from '../../text/csvCell.ts';
import type { Interval } from '../median.ts';

type Cell = string | number | undefined;
type Column<Row> = readonly [name: string, value: (row: Row) => Cell];

const RUN_COLUMNS: readonly Column<StudyRun>[] = [
  ['workers', ({ workers }) => workers],
  ['repetition', ({ repetition }) => repetition],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['time_ms', ({ timeMs }) => timeMs],
  ['start_spread_ms', ({ startSpreadMs }) => startSpreadMs],
  ['imbalance', ({ imbalance }) => imbalance],
  ['peak_memory_bytes', ({ peakMemoryBytes }) => peakMemoryBytes],
  ['host_load', ({ hostLoad }) => hostLoad],
  ['started_at', ({ startedAt }) => dateOf(startedAt)],
];

const ends = (name: string, of: (point: StudyPoint) => Interval | undefined): Column<StudyPoint>[] => [
  [`${name}_low`, (point) => of(point)?.low],
  [`${name}_high`, (point) => of(point)?.high],
];

const POINT_COLUMNS: readonly Column<StudyPoint>[] = [
  ['workers', ({ workers }) => workers],
  ['runs', ({ timesMs }) => timesMs.length],
  ['excluded', ({ excluded }) => excluded],
  ['median_ms', ({ medianMs }) => medianMs],
  ...ends('median_ms', ({ medianIntervalMs }) => medianIntervalMs),
  ['speedup', ({ speedup }) => speedup],
  ...ends('speedup', ({ speedupInterval }) => speedupInterval),
  ['efficiency', ({ efficiency }) => efficiency],
  ...ends('efficiency', ({ efficiencyInterval }) => efficiencyInterval),
  ['karp_flatt', ({ karpFlatt }) => karpFlatt],
  ...ends('karp_flatt', ({ karpFlattInterval }) => karpFlattInterval),
  ['core_seconds', ({ coreSeconds }) => coreSeconds],
  ['imbalance', ({ imbalance }) => imbalance],
  ['peak_memory_bytes', ({ peakMemoryBytes }) => peakMemoryBytes],
];

/** Every run as it was made, a line each; repetition 0 is the warm-up. Numbers are as they were measured, not rounded; what there is none of is empty. */
export function runsCsv({ runs }: StudyRecord): string {
  return csv(RUN_COLUMNS, runs);
}

/** What follows from them at each worker count; `_low` and `_high` are the ends of the 95 % interval. */
export function measuresCsv({ points }: StudyReport): string {
  return csv(POINT_COLUMNS, points);
}

function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return csvLines([
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([, value]) => value(row))),
  ]);
}

/** Records come from the disk, where a time may be anything. */
function dateOf(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
