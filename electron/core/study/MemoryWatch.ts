import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient } from '../engine/EngineApi.ts';
import { askStats } from '../metrics/askStats.ts';

const INTERVAL_MS = 1_000;

/**
 * The most memory that any of some containers was seen to have in use, without the files the kernel could drop at any moment, as `docker stats` counts it.
 * Looks once a second: a peak in between is missed.
 */
export class MemoryWatch {
  readonly #ended = new AbortController();
  readonly #over: Promise<unknown>;
  #peakBytes: number | undefined;

  constructor(client: EngineClient, ids: readonly string[]) {
    setMaxListeners(0, this.#ended.signal);
    this.#over = Promise.all(ids.map((id) => this.#watch(client, id)));
  }

  /** Ends it. Undefined where no container lived long enough for a look. */
  async end(): Promise<number | undefined> {
    this.#ended.abort();
    await this.#over;
    return this.#peakBytes;
  }

  async #watch(client: EngineClient, id: string): Promise<void> {
    const { signal } = this.#ended;
    try {
      for (;;) {
        const { memoryBytes = Number.NaN } = (await askStats(client, id, signal)) ?? {};
        if (memoryBytes > 0) this.#peakBytes = Math.max(this.#peakBytes ?? 0, memoryBytes);
        await delay(INTERVAL_MS, undefined, { signal });
      }
    } catch {
      // Only its end ends it: whether the engine is gone the run itself finds out.
    }
  }
}
