interface Waiting {
  urgency: number;
  begin(): void;
}

/** Lets at most `limit` tasks run at once; of the rest the most urgent waits first, and of one urgency the one that came first. */
export class Limiter {
  readonly #limit: () => number;
  readonly #enough: () => number;
  readonly #countsMs: number | undefined;
  readonly #waiting: Waiting[] = [];
  /** Urgencies of what runs. */
  readonly #running: number[] = [];

  /**
   * @param enough while so many more urgent tasks run, a less urgent one does not begin: it would only slow them down. Default: never
   * @param countsMs milliseconds after which a task counts no more, because it only waits by then. Default: it counts to its end
   */
  constructor(
    limit: () => number,
    { enough = () => Number.POSITIVE_INFINITY, countsMs }: { enough?: () => number; countsMs?: number } = {},
  ) {
    this.#limit = limit;
    this.#enough = enough;
    this.#countsMs = countsMs;
  }

  /**
   * @param urgency more is sooner
   * @param signal ends the wait for its turn, and nothing after
   * @throws what the task does, or the signal's reason
   */
  async run<Result>(task: () => Promise<Result>, urgency = 0, signal?: AbortSignal): Promise<Result> {
    await this.#turn(urgency, signal);
    let counts = true;
    const leave = (): void => {
      if (!counts) return;
      counts = false;
      this.#running.splice(this.#running.indexOf(urgency), 1);
      this.#beginWaiting();
    };
    const timer = this.#countsMs === undefined ? undefined : setTimeout(leave, this.#countsMs);
    try {
      return await task();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  async #turn(urgency: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const first = this.#waiting[0];
    // Nobody slips in before one that is as urgent.
    if ((first === undefined || first.urgency < urgency) && this.#mayBegin(urgency)) {
      this.#running.push(urgency);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason as Error);
        // The next may be one that it alone kept waiting.
        this.#beginWaiting();
      };
      const waiting: Waiting = {
        urgency,
        begin: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const behind = this.#waiting.findIndex((other) => other.urgency < urgency);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiting);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  #beginWaiting(): void {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || !this.#mayBegin(next.urgency)) return;
      this.#waiting.shift();
      // Counted before it runs: a newcomer cannot take the place in between.
      this.#running.push(next.urgency);
      next.begin();
    }
  }

  #mayBegin(urgency: number): boolean {
    if (this.#running.length >= this.#limit()) return false;
    let moreUrgent = 0;
    for (const other of this.#running) if (other > urgency) moreUrgent += 1;
    return moreUrgent < this.#enough();
  }
}
