import type { Disposable } from '#shared/domain/Disposable.ts';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';

/**
 * Closed while a study takes a time, so that nothing is measured beside it that costs the engine and the machine work. Another Flotilla's
 * study closes it, too, from its begin to its end.
 */
export class MeasuringGate {
  readonly #studiesFolder: string;
  readonly #listeners = new Set<() => void>();
  #holders = 0;

  /** @param studiesFolder where studies hold their lock */
  constructor(studiesFolder: string) {
    this.#studiesFolder = studiesFolder;
  }

  /** Looks at the disk: for now and then. */
  get isClosed(): boolean {
    return this.#holders > 0 || SpoolLock.isHeldElsewhere(this.#studiesFolder);
  }

  /** Called when a time begins or ends to be taken here; of another Flotilla nothing is heard. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Closes it for the time of some work. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count(1);
    try {
      return await work();
    } finally {
      this.#count(-1);
    }
  }

  #count(change: 1 | -1): void {
    this.#holders += change;
    for (const listener of this.#listeners) listener();
  }
}
