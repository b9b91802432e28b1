/** Grants so many units at once and so many a second in the long run. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  #filled: number;
  #at: number;

  /** @param now milliseconds that only grow */
  constructor(capacity: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#filled = capacity;
    this.#at = now();
  }

  /** Takes units, all or none. @returns 0, or the milliseconds until there would be enough */
  take(units: number): number {
    const now = this.#now();
    this.#filled = Math.min(this.#capacity, this.#filled + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#filled < units) return Math.ceil(((units - this.#filled) / this.#perSecond) * 1000);
    this.#filled -= units;
    return 0;
  }
}
