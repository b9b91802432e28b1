/** Keeps the newest value of each key until it is asked for: however slow the reader, it holds at most one value a key. */
export class LatestQueue<Value> {
  readonly #values = new Map<string, Value>();
  #wake: (() => void) | undefined;

  put(key: string, value: Value): void {
    // Last in stays last: a key that was told and removed again comes in the order of its latest news.
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#wake?.();
  }

  /**
   * Batches, each with what is new since the last, at most one in `gapMs`. Ends when `signal` aborts.
   */
  async *batches(signal: AbortSignal, gapMs: number): AsyncGenerator<Value[]> {
    const onAbort = (): void => this.#wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        if (this.#values.size === 0) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          this.#wake = undefined;
          continue;
        }
        const values = [...this.#values.values()];
        this.#values.clear();
        const sentAt = performance.now();
        yield values;
        const left = gapMs - (performance.now() - sentAt);
        if (left > 0 && !signal.aborted) await pause(left, signal);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
