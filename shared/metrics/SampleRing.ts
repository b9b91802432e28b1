import { METRICS } from '../domain/Metrics.ts';
import type { Sample } from './sampleBetween.ts';

/** What looks at samples one after another; `values` holds for the call only. */
export type SampleVisitor = (atMs: number, spanMs: number, values: Float32Array) => void;

/** Workers that are looked at now and then need no more for long. */
const FIRST_SIZE = 64;

/**
 * The newest samples of one worker, in memory that grows by doubling up to its capacity and is taken no more then. Times only grow in it: what a clock that was set back has made
 * untrue goes. Values are kept with 24 bits, which is a part in 16 million.
 */
export class SampleRing {
  readonly capacity: number;
  #size: number;
  #times: Float64Array;
  #spans: Float32Array;
  #values: Float32Array;
  #begin = 0;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#size = Math.min(FIRST_SIZE, capacity);
    this.#times = new Float64Array(this.#size);
    this.#spans = new Float32Array(this.#size);
    this.#values = new Float32Array(this.#size * METRICS.length);
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
    if (this.#length === this.#size && this.#size < this.capacity) this.#grow();
    if (this.#length === this.#size) {
      this.#begin = (this.#begin + 1) % this.#size;
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

  /** Only ever full ones grow, before anything was dropped: the oldest stands first. */
  #grow(): void {
    const [times, spans, values] = [this.#times, this.#spans, this.#values];
    this.#size = Math.min(this.capacity, 2 * this.#size);
    this.#times = new Float64Array(this.#size);
    this.#spans = new Float32Array(this.#size);
    this.#values = new Float32Array(this.#size * METRICS.length);
    this.#times.set(times);
    this.#spans.set(spans);
    this.#values.set(values);
  }

  #slot(index: number): number {
    return (this.#begin + index) % this.#size;
  }
}
