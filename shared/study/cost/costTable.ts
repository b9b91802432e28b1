import type { StudyReport } from '../analyseStudy.ts';
import { intervalWords, timeWords } from '../words.ts';
import { type RunForecast, runForecaster } from './forecastRun.ts';

/** What a run costs at each number of workers, as text. */
export interface CostTable {
  columns: string[];
  rows: string[][];
  /** Why a number that was asked for is not among them, and what to bear in mind. */
  notes: string[];
}

const MS_PER_HOUR = 3_600_000;

/** With a core for each worker, used or not: that is what is paid for. */
export function coreHours(workers: number, timeMs: number): number {
  return (workers * timeMs) / MS_PER_HOUR;
}

/** Of a core and of a GPU for an hour, in any currency; 0: none is told. */
export interface Prices {
  core: number;
  gpu: number;
}

/**
 * GPUs are counted as cores are: as many as each worker was given, for as long as the run takes.
 *
 * @param asked numbers of workers to be forecast besides those that were measured
 */
export function costTable(
  report: StudyReport,
  prices: Prices,
  asked: readonly number[],
  forecaster = runForecaster(report),
): CostTable {
  const measured = report.points.filter(({ medianMs }) => medianMs !== undefined);
  const gpus = report.plan.gpusPerWorker ?? 0;
  const hasPrice = prices.core > 0 || (prices.gpu > 0 && gpus > 0);
  const perWorker = prices.core + gpus * prices.gpu;
  const counts = [...new Set([...measured.map(({ workers }) => workers), ...asked])].sort((a, b) => a - b);
  const answers = counts.map(forecaster);
  const good = answers.filter((answer) => answer.ok);
  const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]));
  return {
    columns: [
      'Workers',
      'Time',
      '95 % interval',
      'Core-hours',
      ...(gpus > 0 ? ['GPU-hours'] : []),
      ...(hasPrice ? ['Price'] : []),
      'Known from',
    ],
    rows: good.map((answer) => [
      String(answer.workers),
      timeWords(answer.timeMs),
      answer.intervalMs === undefined ? '–' : intervalWords(answer.intervalMs, timeWords),
      smallWords(coreHours(answer.workers, answer.timeMs)),
      ...(gpus > 0 ? [smallWords(gpus * coreHours(answer.workers, answer.timeMs))] : []),
      ...(hasPrice ? [priceWords(answer, perWorker)] : []),
      answer.source,
    ]),
    notes: [
      ...refusals,
      ...(good.some(({ source }) => source !== 'measured')
        ? [
            'The interval of a forecast is that of the noise in the runs; a model that is wrong may be off by more.',
          ]
        : []),
    ],
  };
}

/** @param perWorker price of a worker for an hour */
function priceWords({ workers, timeMs, intervalMs }: Extract<RunForecast, { ok: true }>, perWorker: number) {
  const of = (time: number): string => smallWords(perWorker * coreHours(workers, time));
  return intervalMs === undefined ? of(timeMs) : `${of(timeMs)} (${intervalWords(intervalMs, of)})`;
}

/** Three significant digits, also of what is far below one. */
function smallWords(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return decimals > 9 ? value.toPrecision(3) : value.toFixed(decimals);
}
