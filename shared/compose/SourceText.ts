import type { SourceRange } from '../domain/Diagnostic.ts';

/** A text with its line starts, for turning offsets into lines and columns. Offsets are UTF-16 units. */
export class SourceText {
  readonly text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  range(start: number, end: number): SourceRange {
    const from = Math.max(0, Math.min(start, this.text.length));
    const line = this.#lineIndex(from);
    return {
      start: from,
      end: Math.max(from, Math.min(end, this.text.length)),
      line: line + 1,
      column: from - (this.#starts[line] ?? 0) + 1,
    };
  }

  /** Offset where a 1-based line begins; the text's length past the last. */
  lineStart(line: number): number {
    return this.#starts[line - 1] ?? this.text.length;
  }

  /** Offset after a 1-based line's newline. */
  lineEnd(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** A 1-based line without its newline. */
  line(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineEnd(line)).replace(/\r?\n$/, '');
  }

  #lineIndex(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
