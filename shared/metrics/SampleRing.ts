import { METRICS } from '../domain/Metrics.ts';
import type { Sample } from './sampleBetween.ts';

/** What looks at samples one after another; `values` holds for the call only. */
export type SampleVisitor = (atMs: number, spanMs: number, values: Float32Array) => void;

/**
 * The newest samples of one worker in memory that is taken once. Times only grow in it: what a clock that was set back has made
 * untrue goes. Values are kept with 24 bits, which is a part in 16 million.
 */
export class SampleRing {
  readonly capacity: number;
  readonly #times: Float64Array;
  readonly #spans: Float32Array;
  readonly #values: Float32Array;
  #begin = 0;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#spans = new Float32Array(capacity);
    this.#values = new Float32Array(capacity * METRICS.length);
  }

  get length(): number {
    return this.#length;
  }

  /** Of the oldest; undefined while empty. */
  get firstMs(): number | undefined {
    return this.#length === 0 ? undefined : this.#times[this.#begin];
  }

  get lastMs(): number | undefined {
    return this.#length === 0 ? undefined : this.#times[this.#slot(this.#length - 1)];
  }

  push({ atMs, spanMs, values }: Sample): void {
    while (this.#length > 0 && (this.lastMs ?? 0) >= atMs) this.#length -= 1;
    if (this.#length === this.capacity) {
      this.#begin = (this.#begin + 1) % this.capacity;
      this.#length -= 1;
    }
    const slot = this.#slot(this.#length);
    this.#times[slot] = atMs;
    this.#spans[slot] = spanMs;
    this.#values.set(values, slot * METRICS.length);
    this.#length += 1;
  }

  /** From the oldest that ends after `fromMs` to the newest. */
  eachSince(fromMs: number, visit: SampleVisitor): void {
    for (let index = 0; index < this.#length; index += 1) {
      const slot = this.#slot(index);
      const atMs = this.#times[slot] as number;
      if (atMs <= fromMs) continue;
      const start = slot * METRICS.length;
      visit(atMs, this.#spans[slot] as number, this.#values.subarray(start, start + METRICS.length));
    }
  }

  #slot(index: number): number {
    return (this.#begin + index) % this.capacity;
  }
}
