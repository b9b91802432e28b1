import { METRICS, type Metric, type MetricsColumns } from '../domain/Metrics.ts';
import { metricAt } from './sampleBetween.ts';

/** What stands for more time than this at once says nothing of the time before its end: it was not looked at. */
const LONGEST_SPAN_MS = 300_000;
const STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];

export interface Grid {
  fromMs: number;
  stepMs: number;
  cells: number;
}

/** Whole steps of a length that people know, at most about `points` of them over the time asked for. */
export function gridOver(fromMs: number, toMs: number, points: number): Grid {
  const wanted = (toMs - fromMs) / 1000 / points;
  const stepMs = (STEPS_S.find((step) => step >= wanted) ?? Math.ceil(wanted / 86_400) * 86_400) * 1000;
  const first = Math.floor(fromMs / stepMs);
  const cells = Math.max(1, Math.ceil(toMs / stepMs) - first);
  return { fromMs: first * stepMs, stepMs, cells };
}

/** Puts measurements of one worker, each of which stands for some time, into cells of equal length. */
export class HistoryGrid {
  readonly #grid: Grid;
  readonly #metrics: readonly Metric[];
  readonly #places: readonly number[];
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;
  readonly #peaks: Float64Array | undefined;

  /** @param keepsPeaks whether `columns` tells the highest values, too */
  constructor(grid: Grid, metrics: readonly Metric[] = METRICS, keepsPeaks = true) {
    this.#grid = grid;
    this.#metrics = metrics;
    this.#places = metrics.map(metricAt);
    const size = grid.cells * metrics.length;
    this.#sums = new Float64Array(size);
    this.#weights = new Float64Array(size);
    this.#peaks = keepsPeaks ? new Float64Array(size).fill(Number.NaN) : undefined;
  }

  add(atMs: number, spanMs: number, means: ArrayLike<number>, peaks: ArrayLike<number> = means): void {
    const { fromMs, stepMs, cells } = this.#grid;
    const begin = atMs - (spanMs > LONGEST_SPAN_MS ? 1 : spanMs);
    const firstCell = Math.max(0, Math.floor((begin - fromMs) / stepMs));
    const lastCell = Math.min(cells - 1, Math.ceil((atMs - fromMs) / stepMs) - 1);
    for (let cell = firstCell; cell <= lastCell; cell += 1) {
      const cellBegin = fromMs + cell * stepMs;
      const weight = Math.min(atMs, cellBegin + stepMs) - Math.max(begin, cellBegin);
      if (weight <= 0) continue;
      for (let column = 0; column < this.#places.length; column += 1) {
        const place = this.#places[column] as number;
        const mean = means[place] as number;
        if (Number.isNaN(mean)) continue;
        const at = column * cells + cell;
        this.#sums[at] = (this.#sums[at] as number) + mean * weight;
        this.#weights[at] = (this.#weights[at] as number) + weight;
        if (this.#peaks === undefined) continue;
        const peak = peaks[place] as number;
        if (!(peak <= (this.#peaks[at] as number))) this.#peaks[at] = peak;
      }
    }
  }

  /** A metric that is nowhere known is left out. */
  columns(): MetricsColumns {
    const { cells } = this.#grid;
    const means: MetricsColumns['means'] = {};
    const peaks: MetricsColumns['peaks'] = {};
    for (const [column, metric] of this.#metrics.entries()) {
      const start = column * cells;
      const weights = this.#weights.subarray(start, start + cells);
      if (!weights.some((weight) => weight > 0)) continue;
      means[metric] = Array.from(weights, (weight, cell) =>
        weight > 0 ? rounded((this.#sums[start + cell] as number) / weight) : null,
      );
      const highest = this.#peaks;
      if (highest !== undefined)
        peaks[metric] = Array.from(weights, (weight, cell) =>
          weight > 0 ? rounded(highest[start + cell] as number) : null,
        );
    }
    return { means, peaks };
  }
}

/** More digits than anyone reads cost time and room on their way. */
export function rounded(value: number): number {
  return value >= 1_000 ? Math.round(value) : Math.round(value * 10_000) / 10_000;
}
