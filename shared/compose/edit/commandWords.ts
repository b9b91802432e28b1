import { splitWords } from '../config/encode/splitWords.ts';

/** Words as one line that reads as them again: what has blanks, quotes and the like stands in quotes. */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[\w@%+=:,./${}*?[\]~!^#-]+$/.test(word)
        ? word
        : `"${word.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`,
    )
    .join(' ');
}

/**
 * The words of a line; undefined where a quote is not closed, or something in it would be dropped: compose ends a command at `;`, `&`, `|`,
 * `<` and `>`.
 */
export function wordsOf(line: string): string[] | undefined {
  const words = splitWords(line);
  if (words === undefined) return undefined;
  const again = splitWords(`${line} end`);
  return again?.at(-1) === 'end' && again.length === words.length + 1 ? words : undefined;
}
