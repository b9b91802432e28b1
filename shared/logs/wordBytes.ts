/** 1 for the bytes that words are made of: ASCII letters and digits, the underscore, and every byte of other characters. */
export const IS_WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 || /\w/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Index of the first byte at or after `at` that belongs to no word, at most `end`. */
export function afterWord(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && IS_WORD[bytes[next] as number] === 1) next += 1;
  return next;
}
