/** What a sender needs of the clock; given by tests. */
export interface SenderClock {
  now(): number;
  setTimer(callback: () => void, delayMs: number): number;
  clearTimer(handle: number): void;
}

const windowClock: SenderClock = {
  now: () => performance.now(),
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clearTimer: (handle) => window.clearTimeout(handle),
};

/**
 * Sends a value that changes quickly (a slider being dragged): the first at once, then at most one per interval,
 * always the latest. `settled` is told when the answer to the latest value has come, never for overtaken ones.
 */
export class LatestSender {
  readonly #send: (value: number) => Promise<unknown>;
  readonly #settled: (error: unknown) => void;
  readonly #intervalMs: number;
  readonly #clock: SenderClock;
  #timer: number | null = null;
  #waiting: number | null = null;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #generation = 0;

  constructor(
    send: (value: number) => Promise<unknown>,
    settled: (error: unknown) => void,
    options: { intervalMs?: number; clock?: SenderClock } = {},
  ) {
    this.#send = send;
    this.#settled = settled;
    this.#intervalMs = options.intervalMs ?? 120;
    this.#clock = options.clock ?? windowClock;
  }

  request(value: number): void {
    this.#generation += 1;
    this.#waiting = value;
    if (this.#timer !== null) return;
    const wait = this.#lastSentAt + this.#intervalMs - this.#clock.now();
    if (wait <= 0) this.#flush();
    else {
      this.#timer = this.#clock.setTimer(() => {
        this.#timer = null;
        this.#flush();
      }, wait);
    }
  }

  #flush(): void {
    const value = this.#waiting;
    if (value === null) return;
    this.#waiting = null;
    this.#lastSentAt = this.#clock.now();
    const generation = this.#generation;
    const answer = (error: unknown) => {
      if (generation === this.#generation) this.#settled(error);
    };
    this.#send(value).then(() => answer(undefined), answer);
  }
}
