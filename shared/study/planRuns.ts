import type { StudyPlan, StudyRun } from '../domain/Study.ts';
import { median, medianInterval } from './median.ts';
import { SeededRandom } from './SeededRandom.ts';

export type PlannedRun = Pick<StudyRun, 'workers' | 'repetition'>;

/** A count that fails so often before it ever succeeds is given up: its other runs would take the time of all. */
export const HOPELESS_AFTER = 3;
/** An interval whose half is at most this part of the median is narrow enough (Hoefler & Belli, SC'15, 4.2.2). */
export const NARROW = 0.05;

/**
 * All runs of a study in their order: a warm-up of each count, then all repetitions of all counts in random order, so that a host that grows slower
 * in the meantime does not look like a program that scales badly (Hoefler & Belli, SC'15, 4.1). The same plan always has the same order.
 */
export function planRuns({ workers, repetitions, seed }: StudyPlan): PlannedRun[] {
  const random = new SeededRandom(seed);
  const warmUps = workers.map((count) => ({ workers: count, repetition: 0 }));
  const measured = workers.flatMap((count) =>
    Array.from({ length: repetitions }, (_, index) => ({ workers: count, repetition: index + 1 })),
  );
  return [...random.shuffle(warmUps), ...random.shuffle(measured)];
}

/**
 * The runs that are still to be made, in order. With `mostRepetitions`, counts whose interval is wide go on, one run each in every further round; a round is
 * known when the one before it is made.
 */
export function remainingRuns(plan: StudyPlan, runs: readonly StudyRun[]): PlannedRun[] {
  const key = ({ workers, repetition }: PlannedRun): string => `${workers}/${repetition}`;
  const made = new Set(runs.map(key));
  const hopeless = new Set(plan.workers.filter((count) => isHopeless(runs, count)));
  const left = planRuns(plan).filter((run) => !made.has(key(run)) && !hopeless.has(run.workers));
  return left.length > 0 ? left : nextRound(plan, runs, hopeless);
}

function nextRound(
  { workers, repetitions, mostRepetitions = repetitions, seed }: StudyPlan,
  runs: readonly StudyRun[],
  hopeless: ReadonlySet<number>,
): PlannedRun[] {
  const lastOf = (count: number): number =>
    runs.reduce((last, run) => (run.workers === count ? Math.max(last, run.repetition) : last), 0);
  const wide = workers
    .filter((count) => !hopeless.has(count) && lastOf(count) < mostRepetitions && isWide(runs, count))
    .map((count) => ({ workers: count, repetition: lastOf(count) + 1 }));
  const round = Math.min(...wide.map(({ repetition }) => repetition));
  // Of all counts, so that the order is the same whichever of them are still wide.
  const order = new SeededRandom(seed + round).shuffle(workers);
  return wide
    .filter(({ repetition }) => repetition === round)
    .sort((a, b) => order.indexOf(a.workers) - order.indexOf(b.workers));
}

/** Whether the times of a count say too little of its median. */
export function isWide(runs: readonly StudyRun[], workers: number): boolean {
  const times = runs.flatMap((run) =>
    run.workers === workers && run.repetition > 0 && run.outcome === 'ok' && run.timeMs !== undefined
      ? [run.timeMs]
      : [],
  );
  const interval = medianInterval(times);
  const middle = median(times);
  if (interval === undefined || middle === undefined) return true;
  return (interval.high - interval.low) / 2 > NARROW * middle;
}

/** Whether a worker count was given up. */
export function isHopeless(runs: readonly StudyRun[], workers: number): boolean {
  const those = runs.filter((run) => run.workers === workers);
  return those.length >= HOPELESS_AFTER && those.every(({ outcome }) => outcome !== 'ok');
}
