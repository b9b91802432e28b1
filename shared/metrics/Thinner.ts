import { METRICS } from '../domain/Metrics.ts';

/** Some time of one worker in three numbers a metric. */
export interface ThinRecord {
  /** End of what was measured, epoch milliseconds. */
  atMs: number;
  /** How much time it stands for. */
  spanMs: number;
  /** In the order of METRICS, NaN where not known. Means are weighted by time. */
  min: Float32Array;
  mean: Float32Array;
  max: Float32Array;
}

/** Makes one record of all samples that fall into the same stretch of `stepMs` (whole ones since 1970). */
export class Thinner {
  readonly #stepMs: number;
  readonly #emit: (record: ThinRecord) => void;
  #stretch = Number.NaN;
  #atMs = 0;
  #spanMs = 0;
  #weights = new Float64Array(METRICS.length);
  #sums = new Float64Array(METRICS.length);
  #min = new Float32Array(METRICS.length);
  #max = new Float32Array(METRICS.length);

  constructor(stepMs: number, emit: (record: ThinRecord) => void) {
    this.#stepMs = stepMs;
    this.#emit = emit;
    this.#clear();
  }

  /** A sample, or a record of a finer step. */
  add(
    atMs: number,
    spanMs: number,
    mean: ArrayLike<number>,
    min: ArrayLike<number> = mean,
    max: ArrayLike<number> = mean,
  ): void {
    const stretch = Math.ceil(atMs / this.#stepMs);
    if (stretch !== this.#stretch) {
      this.flush();
      this.#stretch = stretch;
    }
    this.#atMs = atMs;
    this.#spanMs += spanMs;
    for (let index = 0; index < METRICS.length; index += 1) {
      const value = mean[index] as number;
      if (Number.isNaN(value)) continue;
      this.#weights[index] = (this.#weights[index] as number) + spanMs;
      this.#sums[index] = (this.#sums[index] as number) + value * spanMs;
      const low = min[index] as number;
      const high = max[index] as number;
      if (!(low >= (this.#min[index] as number))) this.#min[index] = low;
      if (!(high <= (this.#max[index] as number))) this.#max[index] = high;
    }
  }

  /** Makes a record of what there is so far. */
  flush(): void {
    if (this.#spanMs === 0) return;
    const mean = new Float32Array(METRICS.length);
    for (let index = 0; index < METRICS.length; index += 1)
      mean[index] = (this.#sums[index] as number) / (this.#weights[index] as number);
    this.#emit({ atMs: this.#atMs, spanMs: this.#spanMs, min: this.#min, mean, max: this.#max });
    this.#clear();
  }

  #clear(): void {
    this.#spanMs = 0;
    this.#weights.fill(0);
    this.#sums.fill(0);
    this.#min = new Float32Array(METRICS.length).fill(Number.NaN);
    this.#max = new Float32Array(METRICS.length).fill(Number.NaN);
  }
}
