import { StringDecoder } from 'node:string_decoder';

export type NdjsonItem =
  | { ok: true; value: unknown }
  | { ok: false; text: string; reason: 'not-json' | 'too-long' };

/** Longest line kept, in UTF-16 units; a longer one is reported and skipped. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * Newline-delimited JSON from byte chunks cut anywhere. A line that is no JSON is reported, never thrown; the last line counts
 * also without its newline.
 */
export class NdjsonReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onItem: (item: NdjsonItem) => void;
  readonly #longestLine: number;
  #held = '';
  #skipping = false;

  constructor(onItem: (item: NdjsonItem) => void, longestLine = LONGEST_LINE) {
    this.#onItem = onItem;
    this.#longestLine = longestLine;
  }

  push(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  end(): void {
    this.#take(this.#decoder.end());
    if (!this.#skipping) this.#line(this.#held);
    this.#held = '';
  }

  #take(text: string): void {
    let from = 0;
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
      const line = this.#held + text.slice(from, newline);
      this.#held = '';
      from = newline + 1;
      if (this.#skipping) this.#skipping = false;
      else this.#line(line);
    }
    if (this.#skipping) return;
    this.#held += from === 0 ? text : text.slice(from);
    if (this.#held.length > this.#longestLine) {
      this.#onItem({ ok: false, text: this.#held.slice(0, 200), reason: 'too-long' });
      this.#held = '';
      this.#skipping = true;
    }
  }

  #line(line: string): void {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.#onItem({ ok: false, text: line.slice(0, 200), reason: 'not-json' });
      return;
    }
    this.#onItem({ ok: true, value });
  }
}
