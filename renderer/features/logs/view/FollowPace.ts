import type { ViewClock } from './LogViewClient.ts';

/** At the end the rows are fetched at most this often: what keeps the page live under a flood. */
export const FOLLOW_MS = 125;
/** However busy the machine is, the end is shown this often. */
const SLOWEST_MS = 500;
/** Showing what came may take this share of the time; the rest is for the reader's own doings. */
const SHARE = 1 / 6;
/** A frame's wait that costs nothing. */
const FRAME_MS = 16;

/** How often the end is fetched: less often while it takes long until rows are on screen. */
export class FollowPace {
  readonly #clock: ViewClock;
  #spacingMs = FOLLOW_MS;
  #isWaiting = false;

  constructor(clock: ViewClock) {
    this.#clock = clock;
  }

  get spacingMs(): number {
    return this.#spacingMs;
  }

  /** Rows are about to be drawn. */
  drawing(): void {
    if (this.#isWaiting || this.#clock.isHidden()) return;
    this.#isWaiting = true;
    const began = this.#clock.now();
    this.#clock.onPainted(() => {
      this.#isWaiting = false;
      const tookMs = this.#clock.now() - began - FRAME_MS;
      this.#spacingMs = Math.min(SLOWEST_MS, Math.max(FOLLOW_MS, tookMs / SHARE));
    });
  }
}
