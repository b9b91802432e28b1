import type { StudyReport } from '../analyseStudy.ts';
import { MODEL_NAMES } from '../describeStudy.ts';
import type { StudyPoint } from '../measurePoints.ts';
import type { Interval } from '../median.ts';
import { throughputOf } from '../ScalingFit.ts';
import { efficiency, karpFlatt } from '../scalingMeasures.ts';
import { intervalWords, numberWords, percentWords, timeWords } from '../words.ts';
import { bandAxis, logAxis, roundAxis, shareAxis } from './axes.ts';
import { type Curve, drawPlot, type PlotPoint, type PlotScene } from './drawPlot.ts';
import type { Picture } from './SvgNode.ts';

/** A plot of a study, and the same as numbers. */
export interface StudyPlot {
  id: 'speedup' | 'efficiency' | 'karp-flatt' | 'times';
  title: string;
  /** What it shows, for who cannot see it. */
  description: string;
  picture: Picture;
  table: { columns: string[]; rows: string[][] };
}

type Measured = StudyPoint & { medianMs: number; speedup: number; efficiency: number };

const CURVE_STEPS = 48;
/** Intervals of serial fractions that are wider say nothing, and would leave no room for the points. */
const WIDEST_FRACTION = { low: -0.5, high: 1.5 } as const;

/**
 * The plots of a study (Hoefler & Belli, SC'15, rules 5 and 12: every run and the intervals are shown, and nothing is joined that was not measured in
 * between). None where nothing was measured.
 */
export function studyPlots(report: StudyReport): StudyPlot[] {
  const { base, plan } = report;
  const measured = report.points.filter(
    (point): point is Measured =>
      point.medianMs !== undefined && point.speedup !== undefined && point.efficiency !== undefined,
  );
  if (base === undefined || measured.length === 0) return [];
  return [
    speedupPlot(report, base, measured),
    efficiencyPlot(report, base, measured),
    ...(plan.mode === 'strong' && measured.some((point) => point.karpFlatt !== undefined)
      ? [karpFlattPlot(report, measured)]
      : []),
    timesPlot(report, measured),
  ];
}

type Base = NonNullable<StudyReport['base']>;

function speedupPlot(report: StudyReport, base: Base, measured: readonly Measured[]): StudyPlot {
  const counts = measured.map(({ workers }) => workers);
  const points = measured.map(
    ({ workers, speedup, speedupInterval, ...point }): PlotPoint => ({
      workers,
      value: speedup,
      interval: speedupInterval,
      raw: rawSpeedups({ speedup, ...point }),
    }),
  );
  const fits = fitCurves(report, base, counts);
  const y = logAxis([...counts, ...points.flatMap(({ value, raw }) => [value, ...raw])]);
  return toPlot(
    {
      id: 'speedup',
      title: report.plan.mode === 'weak' ? 'Scaled speedup' : 'Speedup',
      words: numberWords,
      further: fits.map(({ name, at }) => ({ name, cells: counts.map((count) => numberWords(at(count))) })),
    },
    {
      ...common(report, counts),
      y,
      yLabel: String,
      points,
      ideal: endsOf(counts).map((workers) => ({ workers, value: workers })),
      fits: fits.map(({ model, name, at }) => ({ model, name, curve: curveOf(counts, at) })),
    },
  );
}

function efficiencyPlot(report: StudyReport, base: Base, measured: readonly Measured[]): StudyPlot {
  const counts = measured.map(({ workers }) => workers);
  const points = measured.map(
    (point): PlotPoint => ({
      workers: point.workers,
      value: point.efficiency,
      interval: point.efficiencyInterval,
      raw: rawSpeedups(point).map((single) => efficiency(single, point.workers)),
    }),
  );
  const fits = fitCurves(report, base, counts).map(({ at, ...fit }) => ({
    ...fit,
    at: (workers: number) => efficiency(at(workers), workers),
  }));
  return toPlot(
    {
      id: 'efficiency',
      title: 'Efficiency',
      words: percentWords,
      further: fits.map(({ name, at }) => ({ name, cells: counts.map((count) => percentWords(at(count))) })),
    },
    {
      ...common(report, counts),
      y: shareAxis(Math.max(...points.flatMap(({ value, interval }) => [value, interval?.high ?? value]))),
      yLabel: percentWords,
      points,
      ideal: endsOf(counts).map((workers) => ({ workers, value: 1 })),
      guides: [0.5, 0.8],
      fits: fits.map(({ model, name, at }) => ({ model, name, curve: curveOf(counts, at) })),
    },
  );
}

function karpFlattPlot(report: StudyReport, measured: readonly Measured[]): StudyPlot {
  const points = measured.flatMap((point): PlotPoint[] =>
    point.karpFlatt === undefined
      ? []
      : [
          {
            workers: point.workers,
            value: point.karpFlatt,
            interval: point.karpFlattInterval,
            raw: rawSpeedups(point).map((single) => karpFlatt(single, point.workers) ?? Number.NaN),
          },
        ],
  );
  const clipped = (value: number): number =>
    Math.min(WIDEST_FRACTION.high, Math.max(WIDEST_FRACTION.low, value));
  const extent = points.flatMap(({ value, interval }) => [
    value,
    ...(interval === undefined ? [] : [clipped(interval.low), clipped(interval.high)]),
  ]);
  return toPlot(
    { id: 'karp-flatt', title: 'Serial fraction (Karp–Flatt)', words: numberWords, further: [] },
    {
      ...common(
        report,
        points.map(({ workers }) => workers),
      ),
      y: roundAxis(extent),
      yLabel: (value) => String(value),
      points,
      guides: [0],
    },
  );
}

function timesPlot(report: StudyReport, measured: readonly Measured[]): StudyPlot {
  const counts = measured.map(({ workers }) => workers);
  const seconds = (ms: number): number => ms / 1_000;
  const points = measured.map(
    ({ workers, medianMs, medianIntervalMs, timesMs }): PlotPoint => ({
      workers,
      value: seconds(medianMs),
      interval: medianIntervalMs && {
        low: seconds(medianIntervalMs.low),
        high: seconds(medianIntervalMs.high),
      },
      raw: timesMs.map(seconds),
    }),
  );
  const words = (value: number): string => timeWords(value * 1_000);
  return toPlot(
    {
      id: 'times',
      title: 'Time',
      words,
      further: [{ name: 'Runs', cells: points.map(({ raw }) => raw.map(words).join(', ')) }],
    },
    {
      ...common(report, counts),
      x: bandAxis(counts),
      y: roundAxis(points.flatMap(({ value, raw }) => [value, ...raw])),
      yLabel: (value) => `${value} s`,
      style: 'strip',
      points,
    },
  );
}

/** Single runs, held against the base case's median. */
function rawSpeedups({ speedup, medianMs, timesMs }: Pick<Measured, 'speedup' | 'medianMs' | 'timesMs'>) {
  return timesMs.map((time) => (speedup * medianMs) / time);
}

function common({ plan: { host } }: StudyReport, counts: readonly number[]) {
  return {
    x: logAxis(counts),
    style: 'whisker' as const,
    guides: [] as number[],
    fits: [] as PlotScene['fits'],
    cores: host.cores ?? host.cpus,
  };
}

/** The fits as speedups over the base case: that is where the points begin. */
function fitCurves({ fits, plan }: StudyReport, base: Base, counts: readonly number[]) {
  if (counts.length < 2) return [];
  // The throughput of the base case as it was measured.
  const measured = (plan.mode === 'weak' ? base.workers : 1) / (base.time / 1_000);
  return fits.map((fit) => ({
    model: fit.model,
    name: MODEL_NAMES[fit.model],
    at: (workers: number): number => (throughputOf(fit, workers) / measured) * base.workers,
  }));
}

const endsOf = (counts: readonly number[]): number[] => [Math.min(...counts), Math.max(...counts)];

function curveOf(counts: readonly number[], at: (workers: number) => number): Curve {
  const [first = 1, last = 1] = endsOf(counts);
  return Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
    const workers = first * (last / first) ** (step / CURVE_STEPS);
    return { workers, value: at(workers) };
  });
}

interface Naming {
  id: StudyPlot['id'];
  title: string;
  words: (value: number) => string;
  /** More columns of the table. */
  further: { name: string; cells: string[] }[];
}

function toPlot({ id, title, words, further }: Naming, scene: PlotScene): StudyPlot {
  const { points } = scene;
  const interval = (value: Interval | undefined): string =>
    value === undefined ? '–' : intervalWords(value, words);
  return {
    id,
    title,
    description: `By workers ${points.map(({ workers, value }) => `${workers}: ${words(value)}`).join(', ')}.`,
    picture: drawPlot(scene),
    table: {
      columns: ['Workers', title, '95 % interval', ...further.map(({ name }) => name)],
      rows: points.map((point, index) => [
        String(point.workers),
        words(point.value),
        interval(point.interval),
        ...further.map(({ cells }) => cells[index] ?? ''),
      ]),
    },
  };
}
