import type { LogRow } from '#shared/domain/LogView.ts';

/** The new rows, with the objects of those that are as before: what is drawn of them needs not be drawn again. */
export function reuseRows(before: readonly LogRow[], now: readonly LogRow[]): readonly LogRow[] {
  const known = new Map(before.map((row) => [row.id, row]));
  return now.map((row) => {
    const old = known.get(row.id);
    return old && old.continued === row.continued && old.text === row.text && old.level === row.level
      ? old
      : row;
  });
}
