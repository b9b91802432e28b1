/** A row of delimited text, and the line (from 1) that it begins in. */
export interface DelimitedRow {
  cells: string[];
  line: number;
}

/**
 * Rows of text whose cells are separated by one character and may be quoted (RFC 4180).
 * @param isCut the text ends anywhere: its last line is left out
 * @returns `openQuote`: the line of a quote that nothing closes
 */
export function delimitedRows(
  text: string,
  separator: string,
  { isCut = false, mostRows = Number.POSITIVE_INFINITY }: { isCut?: boolean; mostRows?: number } = {},
): { rows: DelimitedRow[]; truncated: boolean; openQuote?: number | undefined } {
  const rows: DelimitedRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let begins = 1;
  let quotedAt = 1;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\n') line += 1;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') {
      quoted = true;
      quotedAt = line;
    } else if (char === separator) {
      cells.push(cell);
      cell = '';
    } else if (char === '\n') {
      rows.push({ cells: [...cells, cell.replace(/\r$/, '')], line: begins });
      cells = [];
      cell = '';
      begins = line;
      if (rows.length >= mostRows) return { rows, truncated: at < text.length - 1 || isCut };
    } else cell += char;
  }
  if (!isCut && (cell !== '' || cells.length > 0)) rows.push({ cells: [...cells, cell], line: begins });
  return { rows, truncated: isCut, openQuote: quoted ? quotedAt : undefined };
}

const SEPARATORS = [',', ';', '\t'] as const;

/** Which of comma, semicolon and tab the first line has most of; undefined where it has none. */
export function separatorOf(text: string): string | undefined {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const best = SEPARATORS.reduce((best, one) => (count(first, one) > count(first, best) ? one : best));
  return count(first, best) === 0 ? undefined : best;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
