import { METRICS, type Metric } from '../domain/Metrics.ts';
import type { StatsReading } from './readStats.ts';

/** A reading and when it came, by a clock of ours that is never set (milliseconds). */
export interface TimedReading {
  reading: StatsReading;
  heardMs: number;
}

/** Values in the order of METRICS, NaN where not known; `spanMs` is the time that rates are means over. */
export interface Sample {
  atMs: number;
  spanMs: number;
  values: Float64Array;
}

const AT = Object.fromEntries(METRICS.map((metric, index) => [metric, index])) as Record<Metric, number>;

/** Where a metric stands in a sample. */
export const metricAt = (metric: Metric): number => AT[metric];

/** Readings closer together say more of the clock than of the load. */
const SHORTEST_SPAN_MS = 200;
/** How far the two clocks may differ over one span before the engine's is taken to have been set. */
const SLACK_MS = 1_000;
const SLACK_SHARE = 0.2;

/**
 * The time between two readings, by the engine's clock, which knows when it measured; by ours, where the engine's was set meanwhile.
 * @returns undefined where they are too close together to tell a rate
 */
export function spanBetween(before: TimedReading, now: TimedReading): number | undefined {
  const heard = now.heardMs - before.heardMs;
  const read = now.reading.readMs - before.reading.readMs;
  const span = Math.abs(read - heard) <= SLACK_MS + SLACK_SHARE * heard ? read : heard;
  return span >= SHORTEST_SPAN_MS ? span : undefined;
}

/**
 * What was used between two readings of a container. The engine's own `precpu_stats` are not looked at: they are empty at first and of
 * another moment for a one-time look.
 *
 * @returns undefined where a rate cannot be told: readings too close, or a CPU counter that went back (it was started anew)
 */
export function sampleBetween(before: TimedReading, now: TimedReading): Sample | undefined {
  const spanMs = spanBetween(before, now);
  const { reading: was } = before;
  const { reading: is } = now;
  if (spanMs === undefined || is.cpuNs < was.cpuNs) return undefined;
  const perSecond = (from: number, to: number): number => rate(from, to, spanMs / 1000);
  const values = new Float64Array(METRICS.length).fill(Number.NaN);
  values[AT.cores] = perSecond(was.cpuNs, is.cpuNs) / 1e9;
  const periods = is.periods - was.periods;
  // Without a limit there are no periods, and nothing is held back.
  if (is.periods > 0) {
    values[AT.throttled] = perSecond(was.throttledNs, is.throttledNs) / 1e9;
    const held = is.throttledPeriods - was.throttledPeriods;
    if (periods > 0 && held >= 0) values[AT.throttledPeriods] = Math.min(1, held / periods);
    else if (periods === 0) values[AT.throttledPeriods] = 0;
  }
  values[AT.memory] = is.memoryBytes;
  values[AT.memoryLimit] = is.memoryLimitBytes;
  values[AT.faults] = perSecond(was.faults, is.faults);
  values[AT.received] = perSecond(was.receivedBytes, is.receivedBytes);
  values[AT.sent] = perSecond(was.sentBytes, is.sentBytes);
  // A device is listed at its first use.
  values[AT.read] = perSecond(orZero(was.readBytes, is.readBytes), is.readBytes);
  values[AT.written] = perSecond(orZero(was.writtenBytes, is.writtenBytes), is.writtenBytes);
  values[AT.processes] = is.processes;
  return { atMs: is.readMs, spanMs, values };
}

/** NaN where one of the two is not known or the counter went back. */
function rate(from: number, to: number, seconds: number): number {
  return to >= from ? (to - from) / seconds : Number.NaN;
}

const orZero = (was: number, is: number): number => (Number.isNaN(was) && !Number.isNaN(is) ? 0 : was);
