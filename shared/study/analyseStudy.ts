import type { StudyPinning, StudyPlan, StudyRecord } from '../domain/Study.ts';
import { mostDisjoint } from './cpusets.ts';
import { fitAmdahl } from './fitAmdahl.ts';
import { fitGustafson } from './fitGustafson.ts';
import { fitUsl } from './fitUsl.ts';
import { measurePoints, type StudyPoint } from './measurePoints.ts';
import { FEWEST_FOR_INTERVAL } from './median.ts';
import { isHopeless, isWide, NARROW, remainingRuns } from './planRuns.ts';
import type { ScalingFit } from './ScalingFit.ts';
import type { BaseCase } from './scalingMeasures.ts';
import { verdict } from './verdict.ts';
import { percentWords, timeWords, workersWords } from './words.ts';

/** A study with all that follows from it. */
export interface StudyReport {
  plan: StudyPlan;
  /** Runs still to be made; 0: it is whole. */
  remaining: number;
  base: BaseCase | undefined;
  points: StudyPoint[];
  fits: ScalingFit[];
  verdict: string;
  /** What to bear in mind when reading it, a sentence each. */
  notes: string[];
}

/** Starts further apart than this part of the time blur it. */
const WIDE_SPREAD = 0.05;

export function analyseStudy(record: StudyRecord): StudyReport {
  const { plan, runs } = record;
  const { base, points } = measurePoints(record);
  const throughputs = points.flatMap(({ workers, medianMs }) =>
    medianMs === undefined
      ? []
      : [{ workers, throughput: ((plan.mode === 'weak' ? workers : 1) * 1_000) / medianMs }],
  );
  const fits = [
    plan.mode === 'weak' ? fitGustafson(throughputs) : fitAmdahl(throughputs),
    fitUsl(throughputs),
  ].filter((fit) => fit !== undefined);
  return {
    plan,
    remaining: remainingRuns(plan, runs).length,
    base,
    points,
    fits,
    verdict: verdict(plan.mode, base, points),
    notes: [...notesOf(record, base, points), ...new Set(fits.flatMap(({ notes }) => notes))],
  };
}

function notesOf(
  { plan, runs }: StudyRecord,
  base: BaseCase | undefined,
  points: readonly StudyPoint[],
): string[] {
  const notes: string[] = [];
  if (base !== undefined && base.workers !== 1)
    notes.push(
      `The base case is ${workersWords(base.workers)} (${timeWords(base.time)}): one was not measured. Speedups take it to be perfect.`,
    );
  if (plan.repetitions < FEWEST_FOR_INTERVAL)
    notes.push(
      `No intervals: ${plan.repetitions === 1 ? '1 repetition is' : `${plan.repetitions} repetitions are`} too few, ${FEWEST_FOR_INTERVAL} are needed for one of 95 %.`,
    );
  for (const { workers, excluded, reason } of points)
    if (excluded > 0)
      notes.push(
        `${workersWords(workers)}: ${excluded} of ${runs.filter((run) => run.workers === workers).length} runs do not count${isHopeless(runs, workers) ? ', and it was given up' : ''} (${reason ?? ''}).`,
      );
  const busy = points.reduce((sum, point) => sum + point.busy, 0);
  if (busy > 0)
    notes.push(
      `Before ${busy} of the runs others used the host: times may be longer than the program’s own.`,
    );
  for (const { workers, startSpreadMs = 0, medianMs } of points)
    if (medianMs !== undefined && startSpreadMs > WIDE_SPREAD * medianMs)
      notes.push(
        `${workersWords(workers)}: the containers started within ${timeWords(startSpreadMs)}, which blurs ${timeWords(medianMs)}. Longer runs, or a line in the log where the work begins, tell more.`,
      );
  if (plan.pinning !== undefined) notes.push(...pinningNotes(plan.pinning, points));
  if (plan.mostRepetitions !== undefined)
    for (const { workers, timesMs } of points)
      if (timesMs.length > 0 && remainingRuns(plan, runs).length === 0 && isWide(runs, workers))
        notes.push(
          `${workersWords(workers)}: after ${timesMs.length} runs the interval is still wider than ${percentWords(NARROW)} of the median to either side.`,
        );
  const crowded = points.filter(({ workers }) => workers > plan.host.cpus).map(({ workers }) => workers);
  if (crowded.length > 0)
    notes.push(`The host has ${plan.host.cpus} CPUs: with ${crowded.join(', ')} workers they share them.`);
  return notes;
}

function pinningNotes(pinning: StudyPinning, points: readonly StudyPoint[]): string[] {
  const { perWorker } = pinning;
  const cpus = perWorker === 1 ? 'a CPU' : `${perWorker} CPUs`;
  const shared = points.map(({ workers }) => workers).filter((workers) => workers > mostDisjoint(pinning));
  return [
    shared.length === 0
      ? `Each worker had ${cpus} of its own.`
      : `Each worker was bound to ${cpus}; with ${shared.join(', ')} workers there were not enough, and several shared theirs.`,
  ];
}
