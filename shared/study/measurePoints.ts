import type { StudyRecord, StudyRun } from '../domain/Study.ts';
import { type Interval, median, medianInterval } from './median.ts';
import { ratioInterval } from './ratioInterval.ts';
import { type BaseCase, efficiency, karpFlatt, scaledSpeedup, speedup } from './scalingMeasures.ts';
import { SeededRandom } from './SeededRandom.ts';

/** All that was measured at one worker count. Intervals are of 95 %, and absent where there are fewer than six repetitions. */
export interface StudyPoint {
  workers: number;
  /** Of the runs that count, in the order they were made. */
  timesMs: number[];
  /** Runs that failed or took too long, warm-ups included. */
  excluded: number;
  /** Why the first of them is. */
  reason?: string | undefined;
  /** Runs before which others used the host. */
  busy: number;
  medianMs?: number | undefined;
  medianIntervalMs?: Interval | undefined;
  /** Scaled speedup when the work grows with the workers. */
  speedup?: number | undefined;
  speedupInterval?: Interval | undefined;
  efficiency?: number | undefined;
  efficiencyInterval?: Interval | undefined;
  /** Strong scaling only, and more than one worker. */
  karpFlatt?: number | undefined;
  karpFlattInterval?: Interval | undefined;
  /** Workers times time: what the run costs with a core for each. */
  coreSeconds?: number | undefined;
  /** Median over the runs. */
  imbalance?: number | undefined;
  startSpreadMs?: number | undefined;
  /** Greatest over the runs. */
  peakMemoryBytes?: number | undefined;
}

/** Others that use more of the host than this change what is measured. */
export const BUSY_ABOVE = 0.1;

/**
 * The measures at each count, and the base case they refer to: the least count at which a run counts.
 * Times that are no positive number are excluded like runs that failed.
 */
export function measurePoints({ plan, runs }: StudyRecord): {
  base: BaseCase | undefined;
  points: StudyPoint[];
} {
  const measured = plan.workers.map((workers) => pointOf(runs, workers));
  const first = measured.find(({ medianMs }) => medianMs !== undefined);
  if (first?.medianMs === undefined) return { base: undefined, points: measured };
  const base: BaseCase = { workers: first.workers, time: first.medianMs };
  return {
    base,
    points: measured.map((point): StudyPoint => {
      const { workers, medianMs } = point;
      if (medianMs === undefined) return point;
      const isWeak = plan.mode === 'weak';
      const speedupAt = (time: number): number =>
        isWeak ? scaledSpeedup(base, workers, time) : speedup(base, time);
      // Of the point and the seed alone, so that another count changes nothing here.
      const random = new SeededRandom(plan.seed + workers);
      const ratio = point === first ? undefined : ratioInterval(first.timesMs, point.timesMs, random);
      const factor = speedupAt(base.time);
      const speedupThen = speedupAt(medianMs);
      const speedupInterval =
        ratio === undefined ? undefined : { low: factor * ratio.low, high: factor * ratio.high };
      return {
        ...point,
        speedup: speedupThen,
        speedupInterval,
        efficiency: efficiency(speedupThen, workers),
        efficiencyInterval: through(speedupInterval, (value) => efficiency(value, workers)),
        karpFlatt: isWeak ? undefined : karpFlatt(speedupThen, workers),
        karpFlattInterval:
          isWeak || workers === 1
            ? undefined
            : through(speedupInterval, (value) => karpFlatt(value, workers) ?? Number.NaN),
        coreSeconds: (workers * medianMs) / 1_000,
      };
    }),
  };
}

function pointOf(runs: readonly StudyRun[], workers: number): StudyPoint {
  const those = runs.filter((run) => run.workers === workers);
  const counts = (run: StudyRun): boolean =>
    run.outcome === 'ok' && run.timeMs !== undefined && Number.isFinite(run.timeMs) && run.timeMs > 0;
  const excluded = those.filter((run) => !counts(run));
  const good = those.filter((run) => counts(run) && run.repetition > 0);
  const timesMs = good.map(({ timeMs }) => timeMs as number);
  const peaks = defined(good.map(({ peakMemoryBytes }) => peakMemoryBytes));
  return {
    workers,
    timesMs,
    excluded: excluded.length,
    reason: excluded[0] === undefined ? undefined : (excluded[0].reason ?? 'it gave no time'),
    busy: good.filter(({ hostLoad }) => hostLoad !== undefined && hostLoad > BUSY_ABOVE).length,
    medianMs: median(timesMs),
    medianIntervalMs: medianInterval(timesMs),
    imbalance: median(defined(good.map(({ imbalance }) => imbalance))),
    startSpreadMs: median(defined(good.map(({ startSpreadMs }) => startSpreadMs))),
    peakMemoryBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}

function defined(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

/** An interval of something that rises or falls with the value throughout. */
function through(interval: Interval | undefined, change: (value: number) => number): Interval | undefined {
  if (interval === undefined) return undefined;
  const ends = [change(interval.low), change(interval.high)];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}
