import type { RunWorkerUsage } from '../domain/Run.ts';
import type { StatsReading } from '../metrics/readStats.ts';

/**
 * Adds up what a container of a run uses, from readings that come at any distance: CPU time by the engine's counter, which misses nothing between two of them,
 * memory by the highest that was seen. The counter begins at zero whenever the container is started again.
 */
export class UsageTally {
  /** Of starts that are over. */
  #doneNs = 0;
  /** What the counter stood at when the run began. */
  #fromNs: number;
  #lastNs = 0;
  #peakBytes = Number.NaN;
  #readAt = Number.NaN;
  readonly #before: RunWorkerUsage | undefined;

  /**
   * @param before what was written down of it earlier in the run
   * @param fromNs where it ran already when the run began: its counter then
   */
  constructor(before?: RunWorkerUsage, fromNs = (before?.secondsBefore ?? 0) * 1e9) {
    this.#before = before;
    this.#fromNs = fromNs;
  }

  /** The counter as it was read last. */
  get counterNs(): number {
    return this.#lastNs;
  }

  note({ readMs, cpuNs, memoryBytes }: StatsReading): void {
    if (Number.isNaN(this.#readAt) && this.#before !== undefined) {
      const { coreSeconds, peakMemoryBytes = Number.NaN } = this.#before;
      this.#peakBytes = peakMemoryBytes;
      // It was started again while nobody looked. What was written was rounded.
      if (cpuNs - this.#fromNs < coreSeconds * 1e9 - 1e6) this.#begin(coreSeconds * 1e9);
    } else if (cpuNs < this.#lastNs) this.#begin(this.#doneNs + this.#lastNs - this.#fromNs);
    this.#lastNs = cpuNs;
    this.#readAt = Math.max(readMs, Number.isNaN(this.#readAt) ? 0 : this.#readAt);
    if (!(memoryBytes <= this.#peakBytes) && memoryBytes >= 0) this.#peakBytes = memoryBytes;
  }

  /** Undefined before the first reading. */
  usage(): RunWorkerUsage | undefined {
    if (Number.isNaN(this.#readAt)) return this.#before;
    return {
      coreSeconds: Math.max(0, Math.round((this.#doneNs + this.#lastNs - this.#fromNs) / 1e6) / 1e3),
      ...(Number.isNaN(this.#peakBytes) ? {} : { peakMemoryBytes: this.#peakBytes }),
      readAt: this.#readAt,
      ...(this.#fromNs > 0 ? { secondsBefore: this.#fromNs / 1e9 } : {}),
    };
  }

  #begin(doneNs: number): void {
    this.#doneNs = doneNs;
    this.#fromNs = 0;
  }
}
