import type { LogRow } from '#shared/domain/LogView.ts';
import type { FieldColumn } from '../list/RowLook.ts';
import { rowFields } from './rowFields.ts';

const MOST_CHARACTERS = 24;
const LEAST_CHARACTERS = 4;
/** Room for the sign in a column's head, beside its name. */
const HEAD_CHARACTERS = 2;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** Value of a field of a line, as text. */
export function fieldValue(row: LogRow, field: string): string | undefined {
  return rowFields(row).get(field);
}

/** Names of the fields of some lines, the most frequent first. */
export function fieldNames(rows: readonly LogRow[]): string[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const name of rowFields(row).keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
    .map(([name]) => name);
}

/**
 * The columns for chosen fields, wide enough for what is in sight. They only grow, so that nothing jumps while lines
 * come; the same array while nothing changed.
 */
export function fitColumns(
  fields: readonly string[],
  rows: readonly LogRow[],
  before: readonly FieldColumn[],
): readonly FieldColumn[] {
  const columns = fields.map((field): FieldColumn => {
    const old = before.find((column) => column.field === field);
    let width = Math.max(
      old?.width ?? 0,
      Math.min(MOST_CHARACTERS, Math.max(LEAST_CHARACTERS, field.length + HEAD_CHARACTERS)),
    );
    let seen = 0;
    let numbers = 0;
    for (const row of rows) {
      const value = fieldValue(row, field);
      if (value === undefined) continue;
      seen += 1;
      if (NUMBER.test(value)) numbers += 1;
      width = Math.max(width, Math.min(MOST_CHARACTERS, value.length));
    }
    return { field, width, numeric: seen === 0 ? (old?.numeric ?? false) : numbers === seen };
  });
  const isSame =
    columns.length === before.length &&
    columns.every((column, at) => {
      const old = before[at];
      return old?.field === column.field && old.width === column.width && old.numeric === column.numeric;
    });
  return isSame ? before : columns;
}
