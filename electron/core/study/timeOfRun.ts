import { millisecondsBetween } from './engineTime.ts';
import type { Markers } from './findMarkers.ts';

/** A container that is timed, by the engine's clock. */
export interface Lifetime {
  name: string;
  role: 'main' | 'worker';
  begin: bigint;
  /** Absent: it still ran when the run was over. */
  end?: bigint | undefined;
}

export interface RunTime {
  timeMs: number;
  startSpreadMs: number;
  imbalance?: number | undefined;
}

/**
 * How long a run took, without the start of its containers.
 * - With a main: from the moment all of them run to the end of main.
 * - Without: the workers' own times, and of them the longest; each counts from its own start, so that one that an engine started a second later is not a second late.
 * - A marker in the log takes the place of either end.
 *
 * @param mainIsLast main was started when all workers ran: how far apart they started does not matter then
 */
export function timeOfRun(
  lifetimes: readonly Lifetime[],
  markers: Markers,
  mainIsLast: boolean,
): RunTime | undefined {
  const mains = lifetimes.filter(({ role }) => role === 'main');
  const workers = lifetimes.filter(({ role }) => role === 'worker');
  const begins = lifetimes.map(({ begin }) => begin);
  const spread = millisecondsBetween(least(begins), greatest(begins));
  const owns = workers.flatMap(({ begin, end }) =>
    end === undefined ? [] : [millisecondsBetween(begin, end)],
  );
  const mean = owns.reduce((sum, own) => sum + own, 0) / owns.length;
  const imbalance = workers.length < 2 || owns.length < workers.length ? undefined : Math.max(...owns) / mean;
  const others = { startSpreadMs: mainIsLast || markers.first !== undefined ? 0 : spread, imbalance };
  const ends = (mains.length > 0 ? mains : workers).flatMap(({ end }) => end ?? []);
  if (mains.length === 0 && markers.first === undefined && markers.last === undefined)
    return owns.length < workers.length ? undefined : { timeMs: Math.max(...owns), ...others };
  if (markers.last === undefined && ends.length === 0) return undefined;
  const begin = markers.first ?? greatest(begins);
  return { timeMs: millisecondsBetween(begin, markers.last ?? greatest(ends)), ...others };
}

/** The engine's clock may run so far ahead of ours within a run before one of them must have been set. */
const CLOCK_SLACK_MS = 1_000;

/**
 * Why a time by the engine's clock cannot be true; undefined where it can. A clock that was set back gives less than nothing, one that was set forward more than went by.
 * @param elapsedMs by a clock here that nobody can set, from before the start until after the end
 */
export function clockProblem(timeMs: number, elapsedMs: number): string | undefined {
  if (timeMs > 0 && timeMs <= elapsedMs + CLOCK_SLACK_MS) return undefined;
  // A busy engine notes the start of a program when the program is over already.
  return timeMs <= 0 && timeMs > -CLOCK_SLACK_MS
    ? 'it was over before the engine noted its start: too short to be timed'
    : 'the engine’s clock was set while it ran';
}

const least = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b < a ? b : a));
const greatest = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b > a ? b : a));
