import type { StudyMode } from '../domain/Study.ts';
import type { StudyPoint } from './measurePoints.ts';
import type { BaseCase } from './scalingMeasures.ts';
import { intervalWords, numberWords, percentWords, timeWords, workersWords } from './words.ts';

type Measured = StudyPoint & { medianMs: number; speedup: number; efficiency: number };

/**
 * What a study says, in a sentence or two with its numbers. Best value has the count where efficiency over time is greatest: the knee of
 * the curve (Eager, Zahorjan & Lazowska, IEEE Transactions on Computers 38(3), 1989).
 */
export function verdict(mode: StudyMode, base: BaseCase | undefined, points: readonly StudyPoint[]): string {
  const measured = points.filter(
    (point): point is Measured => point.medianMs !== undefined && point.speedup !== undefined,
  );
  const [first, ...others] = measured;
  if (base === undefined || first === undefined)
    return points.some(({ excluded }) => excluded > 0)
      ? 'Nothing was measured: no run succeeded.'
      : 'Nothing is measured yet.';
  if (others.length === 0)
    return `Only ${workersWords(first.workers)} could be measured: ${timeWords(first.medianMs)}. How it scales takes two counts.`;
  return mode === 'weak' ? weakVerdict(first, measured) : strongVerdict(first, measured);
}

function strongVerdict(first: Measured, measured: readonly Measured[]): string {
  const value = ({ medianMs, efficiency }: Measured): number => efficiency / medianMs;
  const best = measured.reduce((most, point) => (value(point) > value(most) ? point : most));
  const at = measured.indexOf(best);
  const next = measured[at + 1];
  const head =
    best === first
      ? `Best value at ${workersWords(best.workers)} (${timeWords(best.medianMs)})`
      : `Best value at ${workersWords(best.workers)}: ${numberWords(first.medianMs / best.medianMs)} times as fast as ${first.workers}${interval(first, best)}, efficiency ${percentWords(best.efficiency)}`;
  if (next === undefined) return `${head}. That is the most that was measured; more may pay, too.`;
  const cost = (next.workers * next.medianMs) / (best.workers * best.medianMs);
  const change = 1 - next.medianMs / best.medianMs;
  const step = `going to ${next.workers} costs ${numberWords(cost)} times the core-seconds`;
  return change > 0
    ? `${head}; ${step} for ${percentWords(change)} less time.`
    : `${head}; ${step} and is ${percentWords(-change)} slower.`;
}

function interval(first: Measured, { speedup, speedupInterval, medianMs }: Measured): string {
  if (speedupInterval === undefined) return '';
  const toFirst = first.medianMs / medianMs / speedup;
  return ` (95 % interval ${intervalWords({ low: speedupInterval.low * toFirst, high: speedupInterval.high * toFirst }, numberWords)})`;
}

function weakVerdict(first: Measured, measured: readonly Measured[]): string {
  const last = measured[measured.length - 1] as Measured;
  const growth = last.medianMs / first.medianMs - 1;
  const sure =
    last.efficiencyInterval === undefined
      ? ''
      : `, 95 % interval ${intervalWords(last.efficiencyInterval, percentWords)}`;
  return `With ${numberWords(last.workers / first.workers)} times the work on ${last.workers} in place of ${workersWords(first.workers)} it takes ${percentWords(Math.abs(growth))} ${growth < 0 ? 'less' : 'more'} time: efficiency ${percentWords(last.efficiency)}${sure}.`;
}
