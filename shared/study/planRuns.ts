import type { StudyPlan, StudyRun } from '../domain/Study.ts';
import { SeededRandom } from './SeededRandom.ts';

export type PlannedRun = Pick<StudyRun, 'workers' | 'repetition'>;

/** A count that fails so often before it ever succeeds is given up: its other runs would take the time of all. */
export const HOPELESS_AFTER = 3;

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

/** The runs that are still to be made, in order. */
export function remainingRuns(plan: StudyPlan, runs: readonly StudyRun[]): PlannedRun[] {
  const key = ({ workers, repetition }: PlannedRun): string => `${workers}/${repetition}`;
  const made = new Set(runs.map(key));
  const hopeless = new Set(plan.workers.filter((count) => isHopeless(runs, count)));
  return planRuns(plan).filter((run) => !made.has(key(run)) && !hopeless.has(run.workers));
}

/** Whether a worker count was given up. */
export function isHopeless(runs: readonly StudyRun[], workers: number): boolean {
  const those = runs.filter((run) => run.workers === workers);
  return those.length >= HOPELESS_AFTER && those.every(({ outcome }) => outcome !== 'ok');
}
