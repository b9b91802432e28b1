import type { LiveStreams } from './EngineApi.ts';

/** Every long answer that is open on the engine, so that a test can assert that none is left. */
export class LiveStreamRegistry implements LiveStreams {
  readonly #open = new Map<object, { purpose: string; openedAt: number }>();

  get count(): number {
    return this.#open.size;
  }

  list(): { purpose: string; openedAt: number }[] {
    return [...this.#open.values()];
  }

  /** Registers a stream; the returned function takes it off, once. */
  add(purpose: string): () => void {
    const key = {};
    this.#open.set(key, { purpose, openedAt: Date.now() });
    return () => {
      this.#open.delete(key);
    };
  }
}
