/** Letters further apart than this begin a new word, in milliseconds. */
const PAUSE_MS = 700;

/** Finds a name in a list by its first letters, typed one after the other. One letter again goes to the next of its kind. */
export class TypeAhead {
  #word = '';
  #at = Number.NEGATIVE_INFINITY;

  /** @returns the place of the name meant, or undefined where none begins so; `now` in milliseconds */
  press(letter: string, names: readonly string[], chosen: number, now: number): number | undefined {
    this.#word = now - this.#at > PAUSE_MS ? letter : this.#word + letter;
    this.#at = now;
    const word = this.#word.toLowerCase();
    const isRepeated = word.length > 1 && [...word].every((each) => each === word[0]);
    const starts = isRepeated ? (word[0] ?? '') : word;
    // A longer word may still mean the one chosen already.
    const from = word.length === 1 || isRepeated ? chosen + 1 : chosen;
    for (let step = 0; step < names.length; step += 1) {
      const place = (from + step) % names.length;
      if (names[place]?.toLowerCase().startsWith(starts)) return place;
    }
    return undefined;
  }
}
