import type { StudyReport } from './analyseStudy.ts';
import type { StudyPoint } from './measurePoints.ts';
import type { Interval } from './median.ts';
import { FARTHEST, forecast, peakOf, type ScalingFit } from './ScalingFit.ts';
import { intervalWords, numberWords, percentWords, timeWords, workersWords } from './words.ts';

/** A study for a terminal: a table, the fits, the verdict, and what to bear in mind. Lines. */
export function describeStudy(report: StudyReport): string[] {
  const { plan, points, fits, notes } = report;
  return [
    `${plan.title}, ${plan.mode} scaling of ${plan.service} on ${plan.host.engine}, ${plan.host.cpus} CPUs; seed ${plan.seed}`,
    '',
    ...table(points),
    ...(fits.length === 0 ? [] : ['', ...fits.map(fitWords)]),
    '',
    report.verdict,
    ...notes.map((note) => `- ${note}`),
    ...(report.remaining === 0 ? [] : [`- ${report.remaining} runs are still to be made.`]),
  ];
}

/** Columns of the table: as they are written above it, and whole. */
export const STUDY_COLUMNS = [
  { name: 'workers', label: 'Workers' },
  { name: 'runs', label: 'Runs that count' },
  { name: 'time', label: 'Time, median' },
  { name: '95 %', label: 'Time, 95 % interval' },
  { name: 'speedup', label: 'Speedup' },
  { name: '95 %', label: 'Speedup, 95 % interval' },
  { name: 'efficiency', label: 'Efficiency' },
  { name: 'Karp–Flatt', label: 'Serial fraction by Karp and Flatt' },
  { name: 'core-s', label: 'Core-seconds' },
  { name: 'imbalance', label: 'Imbalance: longest worker over the mean' },
] as const;

function table(points: readonly StudyPoint[]): string[] {
  return alignRows([STUDY_COLUMNS.map(({ name }): string => name), ...points.map(studyRow)]);
}

/** Rows of cells as lines, each column as wide as its widest cell, ends below one another. */
export function alignRows(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}

/** A point's cells, one for each of {@link STUDY_COLUMNS}. */
export function studyRow(point: StudyPoint): string[] {
  const number = (value: number | undefined): string => (value === undefined ? '–' : numberWords(value));
  const interval = (value: Interval | undefined, words: (end: number) => string): string =>
    value === undefined ? '–' : intervalWords(value, words);
  return [
    String(point.workers),
    point.excluded === 0 ? String(point.timesMs.length) : `${point.timesMs.length} (${point.excluded} out)`,
    point.medianMs === undefined ? '–' : timeWords(point.medianMs),
    interval(point.medianIntervalMs, timeWords),
    number(point.speedup),
    interval(point.speedupInterval, numberWords),
    point.efficiency === undefined ? '–' : percentWords(point.efficiency),
    number(point.karpFlatt),
    number(point.coreSeconds),
    number(point.imbalance),
  ];
}

export const MODEL_NAMES = { amdahl: 'Amdahl', gustafson: 'Gustafson', usl: 'USL' } as const;

/** A fit as a sentence: what it found, how well it fits, and what it expects of twice the workers. */
export function fitWords(fit: ScalingFit): string {
  const { model, sigma, kappa, rSquared, residuals } = fit;
  const worst = Math.max(...residuals.map(Math.abs));
  const quality = [
    ...(rSquared === undefined ? [] : [`R² ${rSquared.toFixed(3)}`]),
    `off by ${percentWords(worst)} at most`,
  ].join(', ');
  const found =
    model === 'usl'
      ? `contention ${sigma.toPrecision(3)}, coherency ${kappa.toPrecision(3)}${peakWords(fit)}`
      : `serial part ${percentWords(sigma)}${model === 'amdahl' && sigma > 0 ? `, never more than ${numberWords(1 / sigma)} times as fast` : ''}`;
  const twice = FARTHEST * fit.to;
  const expected = forecast(fit, twice);
  return `${MODEL_NAMES[model]}: ${found} (${quality})${expected.ok ? `; expects ${numberWords(expected.speedup)} times with ${twice}` : ''}`;
}

function peakWords(fit: ScalingFit): string {
  const peak = peakOf(fit);
  if (peak === undefined) return '';
  return peak.refused
    ? `, fastest somewhere beyond the ${workersWords(FARTHEST * fit.to)} it can tell of`
    : `, fastest with ${Math.round(peak.workers)}`;
}
