import type { ViewClock } from './LogViewClient.ts';

const RETRY_MS = 1000;

interface FetchPaceOptions {
  /** `isForced`: asked for by the reader, not by lines that came. */
  mayAsk: (isForced: boolean) => boolean;
  /** Least time between two questions, milliseconds; 0: none. */
  spacingMs: () => number;
  /** False: it failed, and is to be asked again in a while. */
  ask: () => Promise<boolean>;
}

/**
 * When rows are asked for: at most one question is under way, and what is wanted by then is asked next, so the newest
 * wish wins.
 */
export class FetchPace {
  readonly #clock: ViewClock;
  readonly #options: FetchPaceOptions;
  #isWanted = false;
  #isAsking = false;
  #askedAt = -Infinity;
  #timer: number | null = null;

  constructor(clock: ViewClock, options: FetchPaceOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  dispose(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    this.#timer = null;
    this.#isWanted = false;
  }

  /** Asks as soon as it may be. */
  want(isForced = false): void {
    this.#isWanted = true;
    this.pump(isForced);
  }

  /** What is under way must be followed by another question, or need not be. */
  mark(isWanted: boolean): void {
    this.#isWanted = isWanted;
  }

  /** The next question need not keep its distance from the one before. */
  hurry(): void {
    this.#askedAt = -Infinity;
  }

  /** To be called when what keeps from asking may be over. */
  pump(isForced = false): void {
    if (!this.#isWanted || this.#isAsking || this.#clock.isHidden() || !this.#options.mayAsk(isForced))
      return;
    const wait = this.#askedAt + this.#options.spacingMs() - this.#clock.now();
    if (wait > 0) {
      this.#later(wait, false);
      return;
    }
    this.#isWanted = false;
    this.#askedAt = this.#clock.now();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const isDone = await this.#options.ask();
    this.#isAsking = false;
    if (isDone) this.pump(true);
    else {
      this.#isWanted = true;
      this.#later(RETRY_MS, true);
    }
  }

  #later(delayMs: number, isForced: boolean): void {
    this.#timer ??= this.#clock.setTimer(() => {
      this.#timer = null;
      this.pump(isForced);
    }, delayMs);
  }
}
