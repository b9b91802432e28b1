/**
 * Tells the lines that a reopened log repeats from those that are new. The engine's `since` includes the moment itself, and two streams of
 * a container can be some microseconds out of order, so what comes back begins with lines that are kept already: those of the list, in
 * its order. A log that was rotated meanwhile lacks some of them.
 */
export class ResumeFilter {
  readonly #kept: readonly { micros: number; nanos: number }[];
  #at = 0;
  #isFirst = true;
  #isContiguous = true;

  /** @param kept the times of the kept lines at or after the moment asked from, in the order of the log */
  constructor(kept: readonly { micros: number; nanos: number }[]) {
    this.#kept = kept;
  }

  /** False when the log did not begin with what is kept: lines between may be missing from what was asked for. */
  get isContiguous(): boolean {
    return this.#isContiguous;
  }

  /** True for a line that is kept already. */
  isKnown(micros: number, nanos: number): boolean {
    const kept = this.#kept;
    for (let at = this.#at; at < kept.length; at += 1) {
      const candidate = kept[at];
      if (candidate?.micros === micros && candidate.nanos === nanos) {
        if (this.#isFirst && at > 0) this.#isContiguous = false;
        this.#isFirst = false;
        this.#at = at + 1;
        return true;
      }
    }
    if (this.#isFirst && kept.length > 0) this.#isContiguous = false;
    this.#isFirst = false;
    // Nothing that is kept comes after something new.
    this.#at = kept.length;
    return false;
  }
}
