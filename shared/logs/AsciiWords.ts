interface Entry {
  letters: Uint8Array;
  meaning: number;
}

/** Upper and lower case letters become the same byte, and no other byte becomes a letter; `_` becomes 0x7f. */
const FOLD = 0x20;

/**
 * Finds which of a few words stands at a place among bytes, in any case, without making a string. The first two letters decide
 * nearly always that it is none.
 */
export class AsciiWords {
  readonly #shortest: number;
  readonly #longest: number;
  readonly #slots = new Uint8Array(1024);
  readonly #entries: Entry[][] = [[]];

  /** Words of two or more ASCII letters, digits and underscores, each with a number above 0 that it means. */
  constructor(meanings: Readonly<Record<string, number>>) {
    const words = Object.keys(meanings);
    this.#shortest = Math.min(...words.map((word) => word.length));
    this.#longest = Math.max(...words.map((word) => word.length));
    for (const word of words) {
      const letters = Uint8Array.from(word, (letter) => letter.charCodeAt(0) | FOLD);
      const slot = slotOf(letters, 0);
      if (this.#slots[slot] === 0) {
        this.#slots[slot] = this.#entries.length;
        this.#entries.push([]);
      }
      this.#entries[this.#slots[slot] as number]?.push({ letters, meaning: meanings[word] as number });
    }
  }

  /** What the word `bytes[from, to)` means; 0 when it is none of them. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length < this.#shortest || length > this.#longest) return 0;
    const index = this.#slots[slotOf(bytes, from)] as number;
    if (index === 0) return 0;
    const entries = this.#entries[index] as Entry[];
    for (let at = 0; at < entries.length; at += 1) {
      const { letters, meaning } = entries[at] as Entry;
      if (letters.length === length && isSame(bytes, from, letters)) return meaning;
    }
    return 0;
  }
}

function slotOf(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) & 31) << 5) | ((bytes[at + 1] as number) & 31);
}

function isSame(bytes: Uint8Array, from: number, letters: Uint8Array): boolean {
  for (let at = 0; at < letters.length; at += 1)
    if (((bytes[from + at] as number) | FOLD) !== letters[at]) return false;
  return true;
}
