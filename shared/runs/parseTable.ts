import { delimitedRows, separatorOf } from '../text/delimitedRows.ts';

/**
 * Rows of comma-separated text (RFC 4180; semicolons and tabs, too, whichever the first line has most of). Undefined where it is no table: its first line has
 * no separator.
 *
 * @param isCut the text ends anywhere: its last line is left out
 */
export function parseTable(
  text: string,
  options: { isCut?: boolean; mostRows?: number } = {},
): { rows: string[][]; truncated: boolean } | undefined {
  const separator = separatorOf(text);
  if (separator === undefined) return undefined;
  const { rows, truncated } = delimitedRows(text, separator, options);
  return { rows: rows.map(({ cells }) => cells), truncated };
}
