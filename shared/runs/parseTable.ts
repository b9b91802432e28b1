const SEPARATORS = [',', ';', '\t'] as const;

/**
 * Rows of comma-separated text (RFC 4180; semicolons and tabs, too, whichever the first line has most of). Undefined where it is no table: its first line has
 * no separator.
 *
 * @param isCut the text ends anywhere: its last line is left out
 */
export function parseTable(
  text: string,
  { isCut = false, mostRows = Number.POSITIVE_INFINITY }: { isCut?: boolean; mostRows?: number } = {},
): { rows: string[][]; truncated: boolean } | undefined {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const separator = SEPARATORS.reduce((best, one) => (count(first, one) > count(first, best) ? one : best));
  if (count(first, separator) === 0) return undefined;
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === separator) {
      row.push(cell);
      cell = '';
    } else if (char === '\n') {
      rows.push([...row, cell.replace(/\r$/, '')]);
      row = [];
      cell = '';
      if (rows.length >= mostRows) return { rows, truncated: at < text.length - 1 || isCut };
    } else cell += char;
  }
  if (!isCut && (cell !== '' || row.length > 0)) rows.push([...row, cell]);
  return { rows, truncated: isCut };
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
