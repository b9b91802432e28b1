export interface Delimited {
  /** What stands between, escapes of the delimiter read. */
  value: string;
  /** Index after it all. */
  end: number;
  /** A `c` follows the end. */
  matchCase: boolean;
  isClosed: boolean;
}

/**
 * Reads `"…"` or `/…/` at `text[start]`, with the `c` (match case) that may follow. In quotes `\"` and `\\` are read, in expressions `\/`; all other
 * backslashes stay. A `/` with text behind it is part of the expression. Unclosed: the rest of the text.
 */
export function readDelimited(text: string, start: number, delimiter: '"' | '/'): Delimited {
  const isQuote = delimiter === '"';
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const character = text[at] as string;
    const next = text[at + 1];
    if (character === '\\' && next !== undefined) {
      const isRead = next === delimiter || (isQuote && next === '\\');
      value += isRead ? next : isQuote ? character : character + next;
      at += isRead || !isQuote ? 2 : 1;
      continue;
    }
    if (character === delimiter) {
      const matchCase = next === 'c' && isBoundary(text, at + 2);
      if (isQuote || matchCase || isBoundary(text, at + 1))
        return { value, end: at + (matchCase ? 2 : 1), matchCase, isClosed: true };
    }
    value += character;
    at += 1;
  }
  return { value: text.slice(start + 1), end: text.length, matchCase: false, isClosed: false };
}

function isBoundary(text: string, at: number): boolean {
  return at >= text.length || /\s/.test(text[at] as string);
}
