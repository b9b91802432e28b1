import type { BuildOutputLine } from './BuildApi.ts';

/** The last `capacity` lines of a build's output, and how many were dropped before them. */
export class OutputRing {
  readonly #capacity: number;
  #lines: BuildOutputLine[] = [];
  #first = 0;
  #dropped = 0;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  push(line: BuildOutputLine): void {
    if (this.#lines.length < this.#capacity) {
      this.#lines.push(line);
      return;
    }
    this.#lines[this.#first] = line;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#dropped += 1;
  }

  read(): { lines: BuildOutputLine[]; dropped: number } {
    return {
      lines: [...this.#lines.slice(this.#first), ...this.#lines.slice(0, this.#first)],
      dropped: this.#dropped,
    };
  }
}
