/** Longest line that is kept whole, in UTF-16 units; the rest of a longer one is cut off and said to be. */
const LONGEST_LINE = 8_192;

/**
 * Joins pieces of terminal output into lines. A lone carriage return starts its line afresh, as on a
 * terminal, so that a progress bar becomes one line and not a thousand.
 */
export class LineAssembler {
  readonly #emit: (text: string) => void;
  #line = '';
  #cut = 0;
  /** A carriage return was the last thing seen: only what follows tells whether it was CR LF. */
  #returned = false;

  constructor(emit: (text: string) => void) {
    this.#emit = emit;
  }

  push(piece: string): void {
    for (const part of piece.split(/(\r|\n)/)) {
      if (part === '') continue;
      if (part === '\n') {
        this.#returned = false;
        this.#finish();
      } else if (part === '\r') {
        this.#returned = true;
      } else {
        if (this.#returned) {
          this.#line = '';
          this.#cut = 0;
          this.#returned = false;
        }
        const room = LONGEST_LINE - this.#line.length;
        this.#line += part.slice(0, room);
        this.#cut += Math.max(0, part.length - room);
      }
    }
  }

  /** Emits what stands without a line end, if anything. */
  flush(): void {
    this.#returned = false;
    if (this.#line !== '') this.#finish();
  }

  #finish(): void {
    this.#emit(this.#cut > 0 ? `${this.#line}… (${this.#cut} more characters)` : this.#line);
    this.#line = '';
    this.#cut = 0;
  }
}
