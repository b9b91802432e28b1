import type { LogRing } from './LogRing.ts';

/**
 * The rows of a ring that pass a test, kept up to date at the cost of the new rows only.
 * Addresses ascend; those that fell out of the ring are dropped from the front.
 */
export class RowIndex {
  readonly #ring: LogRing;
  #test: (row: number) => boolean;
  #rows: number[] = [];
  #head = 0;
  #scannedTo: number;

  constructor(ring: LogRing, test: (row: number) => boolean) {
    this.#ring = ring;
    this.#test = test;
    this.#scannedTo = ring.first;
    this.update();
  }

  get size(): number {
    return this.#rows.length - this.#head;
  }

  at(position: number): number | undefined {
    return this.#rows[this.#head + position];
  }

  /** Looks at what came and went. Returns how many rows left at the front and came at the end. */
  update(): { dropped: number; added: number } {
    let dropped = 0;
    while (this.#head < this.#rows.length && (this.#rows[this.#head] ?? 0) < this.#ring.first) {
      this.#head += 1;
      dropped += 1;
    }
    if (this.#head > 8192) {
      this.#rows = this.#rows.slice(this.#head);
      this.#head = 0;
    }
    let added = 0;
    for (let row = Math.max(this.#scannedTo, this.#ring.first); row < this.#ring.end; row += 1) {
      if (this.#test(row)) {
        this.#rows.push(row);
        added += 1;
      }
    }
    this.#scannedTo = this.#ring.end;
    return { dropped, added };
  }

  /** Position of the first row at or after `row`; `size` when there is none. */
  positionOf(row: number): number {
    let low = this.#head;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }
}
