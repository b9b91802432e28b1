const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `none`, `one` … `ten`, then digits. */
export const numberWord = (count: number): string => NUMBERS[count] ?? String(count);

/** `a`, `a and b`, `a, b and c`; after `most` of them `and 7 more`. */
export function listWords(words: readonly string[], most = 4): string {
  const shown = words.length > most + 1 ? [...words.slice(0, most), `${words.length - most} more`] : words;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
