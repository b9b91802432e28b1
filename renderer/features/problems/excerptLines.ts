import type { Diagnostic } from '#shared/domain/Diagnostic.ts';

export interface ExcerptLine {
  line: number;
  text: string;
  /** Half-open stretch of columns (from 0) to be underlined. */
  mark?: { from: number; to: number };
}

const MOST_LINES = 12;

/** The offending lines with their numbers and the part of each that is meant. */
export function excerptLines(diagnostic: Diagnostic): ExcerptLine[] {
  const { excerpt, range } = diagnostic;
  if (excerpt === undefined || excerpt === '') return [];
  const texts = excerpt
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .slice(0, MOST_LINES);
  const first = range?.line ?? 1;
  // What of the range lies before the line at hand.
  let left = range ? range.end - range.start : 0;
  return texts.map((text, at) => {
    const result: ExcerptLine = { line: first + at, text };
    if (range && left > 0) {
      const from = at === 0 ? range.column - 1 : text.length - text.trimStart().length;
      const start = at === 0 ? range.column - 1 : 0;
      const to = Math.min(text.length, start + left);
      if (to > from) result.mark = { from, to };
      left -= text.length - start + 1;
    } else if (range && at === 0) {
      // An empty range marks a place: one column, or the end of the line.
      const from = Math.min(range.column - 1, Math.max(0, text.length - 1));
      result.mark = { from, to: from + 1 };
    }
    return result;
  });
}
