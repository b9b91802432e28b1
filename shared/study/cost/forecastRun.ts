import type { StudyReport } from '../analyseStudy.ts';
import { MODEL_NAMES } from '../describeStudy.ts';
import { fitAmdahl } from '../fitAmdahl.ts';
import { fitGustafson } from '../fitGustafson.ts';
import { fitUsl } from '../fitUsl.ts';
import { CONFIDENCE, FEWEST_FOR_INTERVAL, type Interval } from '../median.ts';
import { resampler } from '../ratioInterval.ts';
import { forecast, type ScalingFit, throughputOf } from '../ScalingFit.ts';
import { SeededRandom } from '../SeededRandom.ts';

/** How long a run takes with a number of workers, as measured or as a model expects it; or why nothing is said. */
export type RunForecast =
  | { ok: true; workers: number; timeMs: number; intervalMs?: Interval | undefined; source: string }
  | { ok: false; workers: number; reason: string };

const DRAWS = 200;
const FITS = { amdahl: fitAmdahl, gustafson: fitGustafson, usl: fitUsl } as const;

/**
 * Answers for any number of workers what a run of it takes. What was measured is told as it was; else the richest model that could be fitted is asked, never beyond
 * twice the range (see ScalingFit). Its 95 % interval is the percentile bootstrap's (Efron & Tibshirani, 1993, chapter 13): all times are drawn anew,
 * with replacement, and the model is fitted again, 200 times. It tells of the noise in the runs, not of whether the model is the right one.
 */
export function runForecaster(report: StudyReport): (workers: number) => RunForecast {
  const fit = report.fits.at(-1);
  let drawn: ScalingFit[] | undefined;
  return (workers) => {
    const point = report.points.find((candidate) => candidate.workers === workers);
    if (point?.medianMs !== undefined)
      return {
        ok: true,
        workers,
        timeMs: point.medianMs,
        intervalMs: point.medianIntervalMs,
        source: 'measured',
      };
    if (!Number.isInteger(workers) || workers < 1)
      return { ok: false, workers, reason: 'Give a whole number of workers, from 1.' };
    if (fit === undefined)
      return {
        ok: false,
        workers,
        reason: `${workers} workers were not measured, and a model takes three counts at least.`,
      };
    const expected = forecast(fit, workers);
    if (!expected.ok) return { ok: false, workers, reason: expected.reason };
    drawn ??= drawFits(report, fit.model);
    return {
      ok: true,
      workers,
      timeMs: timeOf(report, fit, workers),
      intervalMs: middleOf(drawn.map((each) => timeOf(report, each, workers))),
      source: `expected by ${MODEL_NAMES[fit.model]}`,
    };
  };
}

function timeOf({ plan }: StudyReport, fit: ScalingFit, workers: number): number {
  return ((plan.mode === 'weak' ? workers : 1) * 1_000) / throughputOf(fit, workers);
}

/** The model fitted to times that are drawn anew; none where a count has too few for an interval. */
function drawFits({ plan, points }: StudyReport, model: ScalingFit['model']): ScalingFit[] {
  const measured = points.filter(({ medianMs }) => medianMs !== undefined);
  if (measured.some(({ timesMs }) => timesMs.length < FEWEST_FOR_INTERVAL)) return [];
  const random = new SeededRandom(plan.seed);
  const samplers = measured.map(({ workers, timesMs }) => ({ workers, draw: resampler(timesMs, random) }));
  return Array.from({ length: DRAWS }, () =>
    FITS[model](
      samplers.map(({ workers, draw }) => ({
        workers,
        throughput: ((plan.mode === 'weak' ? workers : 1) * 1_000) / draw(),
      })),
    ),
  ).filter((fit) => fit !== undefined);
}

/** The middle 95 % of values. */
function middleOf(values: readonly number[]): Interval | undefined {
  if (values.length === 0 || !values.every(Number.isFinite)) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const tail = ((1 - CONFIDENCE) / 2) * (sorted.length - 1);
  return {
    low: sorted[Math.floor(tail)] as number,
    high: sorted[Math.ceil(sorted.length - 1 - tail)] as number,
  };
}
