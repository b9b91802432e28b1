import { compareTimes } from './compareTimes.ts';
import type { StudyPoint } from './measurePoints.ts';
import type { Requirement, RequirementResult } from './Requirement.ts';
import { intervalWords, numberWords, percentWords, timeWords, workersWords } from './words.ts';

/**
 * Holds requirements against what a study measured. Medians count; of a slowdown it has to be certain (its whole 95 % interval) to be a failure where there is an
 * interval, else every second study of an unchanged program would fail one of 0 %.
 *
 * @param baselineOf the points of the last whole study of that name
 * @param pending counts of which a study that goes on has runs still to make
 */
export function checkRequirements(
  requirements: readonly Requirement[],
  points: readonly StudyPoint[],
  baselineOf: (name: string) => readonly StudyPoint[] | undefined,
  pending: ReadonlySet<number> = new Set(),
): RequirementResult[] {
  const base = points.find(({ medianMs }) => medianMs !== undefined)?.workers ?? 0;
  // A run at a smaller count makes that the base, and one at the base moves its time.
  const isBasePending = [...pending].some((workers) => workers <= base);
  const checkAt = (requirement: Requirement, point: StudyPoint): RequirementResult =>
    check(requirement, point, baselineOf, { isPending: pending.has(point.workers), isBasePending });
  return requirements.flatMap((requirement) => {
    if (requirement.at === undefined) return points.map((point) => checkAt(requirement, point));
    const point = points.find(({ workers }) => workers === requirement.at);
    return point === undefined
      ? [unknown(requirement, requirement.at, `${workersWords(requirement.at)} were not measured`)]
      : [checkAt(requirement, point)];
  });
}

function check(
  requirement: Requirement,
  point: StudyPoint,
  baselineOf: (name: string) => readonly StudyPoint[] | undefined,
  { isPending, isBasePending }: { isPending: boolean; isBasePending: boolean },
): RequirementResult {
  const { workers } = point;
  const notYet = (why: string): RequirementResult => ({
    requirement,
    workers,
    status: 'pending',
    text: `${requirementWords(requirement, workers)}: not measured yet${why}`,
  });
  const result = (isMet: boolean, measured: string): RequirementResult => ({
    requirement,
    workers,
    status: isMet ? 'pass' : 'fail',
    text: `${requirementWords(requirement, workers)}: ${measured}`,
  });
  if (point.medianMs === undefined)
    return isPending
      ? notYet(point.reason === undefined ? '' : ` (${point.reason})`)
      : unknown(requirement, workers, point.reason ?? 'it was not measured');
  switch (requirement.kind) {
    case 'efficiency': {
      if (isBasePending) return notYet(', the base case has runs to come');
      if (point.efficiency === undefined) return unknown(requirement, workers, 'there is no base case');
      const sure =
        point.efficiencyInterval === undefined
          ? ''
          : ` (${intervalWords(point.efficiencyInterval, percentWords)})`;
      return result(point.efficiency >= requirement.least, `${percentWords(point.efficiency)}${sure}`);
    }
    case 'time': {
      const sure =
        point.medianIntervalMs === undefined ? '' : ` (${intervalWords(point.medianIntervalMs, timeWords)})`;
      return result(point.medianMs <= requirement.mostMs, `${timeWords(point.medianMs)}${sure}`);
    }
    case 'memory':
      if (point.peakMemoryBytes !== undefined)
        return result(point.peakMemoryBytes <= requirement.mostBytes, bytesWords(point.peakMemoryBytes));
      return isPending
        ? notYet(', no run so far was long enough for a look at its memory')
        : unknown(requirement, workers, 'no run was long enough for a look at its memory');
    case 'coreSeconds': {
      const { coreSeconds = Number.NaN } = point;
      return result(coreSeconds <= requirement.most, numberWords(coreSeconds));
    }
    case 'slowdown': {
      const before = baselineOf(requirement.baseline)?.find((other) => other.workers === workers);
      if (before?.medianMs === undefined)
        return unknown(requirement, workers, `no study called “${requirement.baseline}” measured that`);
      const { ratio, interval } = compareTimes(before.timesMs, point.timesMs, workers);
      const slower = (value: number): string =>
        `${percentWords(Math.abs(value - 1))} ${value < 1 ? 'faster' : 'slower'}`;
      return result(
        (interval?.low ?? ratio) <= 1 + requirement.most,
        interval === undefined
          ? slower(ratio)
          : `${slower(ratio)} (times ${intervalWords(interval, (value) => value.toFixed(3))})`,
      );
    }
  }
}

/** A requirement of which nothing is known, and why. */
export function unknown(requirement: Requirement, workers: number, why: string): RequirementResult {
  return {
    requirement,
    workers,
    status: 'unknown',
    text: `${requirementWords(requirement, workers)}: not known, ${why}`,
  };
}

/** What a requirement asks for, in words. */
export function requirementWords(requirement: Requirement, workers: number): string {
  const at = `with ${workersWords(workers)}`;
  switch (requirement.kind) {
    case 'efficiency':
      return `efficiency at least ${percentWords(requirement.least)} ${at}`;
    case 'time':
      return `time at most ${timeWords(requirement.mostMs)} ${at}`;
    case 'memory':
      return `memory at most ${bytesWords(requirement.mostBytes)} ${at}`;
    case 'coreSeconds':
      return `core-seconds at most ${numberWords(requirement.most)} ${at}`;
    case 'slowdown':
      return `at most ${percentWords(requirement.most)} slower than “${requirement.baseline}” ${at}`;
  }
}

/** In mebibytes, so that requirement and measure compare at a glance. */
export function bytesWords(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
