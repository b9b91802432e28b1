import { csvText } from './csvText.ts';

/** A value as a cell of a CSV file (RFC 4180): what is no number, and nothing, is empty; a text that a spreadsheet would take for a formula begins with `'`. */
export function csvCell(value: string | number | undefined): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (value === undefined) return '';
  const isFormula = /^[=+\-@\t\r]/.test(value) && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
  return csvText(isFormula ? `'${value}` : value);
}

/** Lines of cells, each ended as RFC 4180 has it. */
export const csvLines = (lines: readonly (readonly (string | number | undefined)[])[]): string =>
  lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
