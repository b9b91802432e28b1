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

  /** @param urgency more is sooner */
  async run<Result>(task: () => Promise<Result>, urgency = 0): Promise<Result> {
    await this.#turn(urgency);
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

  async #turn(urgency: number): Promise<void> {
    const first = this.#waiting[0];
    // Nobody slips in before one that is as urgent.
    if ((first === undefined || first.urgency < urgency) && this.#mayBegin(urgency)) {
      this.#running.push(urgency);
      return;
    }
    await new Promise<void>((resolve) => {
      const behind = this.#waiting.findIndex((other) => other.urgency < urgency);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, { urgency, begin: resolve });
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
