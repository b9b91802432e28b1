import type { LogRow } from '#shared/domain/LogView.ts';
import { readFields } from '#shared/logs/readFields.ts';
import { withoutColours } from '#shared/logs/withoutColours.ts';

const known = new WeakMap<LogRow, ReadonlyMap<string, string>>();

/** The fields of a line as text, read once a row. */
export function rowFields(row: LogRow): ReadonlyMap<string, string> {
  const before = known.get(row);
  if (before) return before;
  const read = readFields(withoutColours(row.text));
  const fields = new Map(Object.entries(read ?? {}).map(([name, value]) => [name, String(value)]));
  known.set(row, fields);
  return fields;
}
