import type { RowPlace } from '../list/rowGeometry.ts';
import type { ViewClock } from './LogViewClient.ts';

/** Without a movement for this long the reader has stopped. */
export const RESTS_AFTER_MS = 150;

/** Whether the reader is scrolling, and where to: what comes in elsewhere can wait until then. */
export class ReaderMotion {
  readonly #clock: ViewClock;
  readonly #onRest: () => void;
  #movedAt = -Infinity;
  #direction: -1 | 0 | 1 = 0;
  #timer: number | null = null;

  constructor(clock: ViewClock, onRest: () => void) {
    this.#clock = clock;
    this.#onRest = onRest;
  }

  get isMoving(): boolean {
    return this.#clock.now() - this.#movedAt < RESTS_AFTER_MS;
  }

  get isUp(): boolean {
    return this.isMoving && this.#direction === -1;
  }

  get isDown(): boolean {
    return this.isMoving && this.#direction === 1;
  }

  /** `from` null: from the end. */
  moved(from: RowPlace | null, to: RowPlace): void {
    const by = from === null ? -1 : to.row - from.row || to.offset - from.offset;
    if (by === 0) return;
    this.#direction = by < 0 ? -1 : 1;
    this.#movedAt = this.#clock.now();
    this.#timer ??= this.#clock.setTimer(this.#look, RESTS_AFTER_MS);
  }

  dispose(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    this.#timer = null;
  }

  readonly #look = (): void => {
    const left = this.#movedAt + RESTS_AFTER_MS - this.#clock.now();
    this.#timer = left > 0 ? this.#clock.setTimer(this.#look, left) : null;
    if (left <= 0) this.#onRest();
  };
}
