import type { ViewClock } from '../view/LogViewClient.ts';

/** A clock that goes on when the test says. */
export class FakeClock implements ViewClock {
  ms = 0;
  hidden = false;
  /** Who waits for the next frame. */
  painted: (() => void)[] = [];
  #timers: { at: number; callback: () => void; handle: number }[] = [];
  #next = 1;

  now(): number {
    return this.ms;
  }

  isHidden(): boolean {
    return this.hidden;
  }

  setTimer(callback: () => void, delayMs: number): number {
    const handle = this.#next;
    this.#next += 1;
    this.#timers.push({ at: this.ms + delayMs, callback, handle });
    return handle;
  }

  clearTimer(handle: number): void {
    this.#timers = this.#timers.filter((timer) => timer.handle !== handle);
  }

  onPainted(callback: () => void): void {
    this.painted.push(callback);
  }

  get waiting(): number[] {
    return this.#timers.map((timer) => timer.at - this.ms);
  }

  advance(ms: number): void {
    this.ms += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.ms);
    this.#timers = this.#timers.filter((timer) => timer.at > this.ms);
    for (const timer of due) timer.callback();
  }
}

/** Lets promises that are settled be heard. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
