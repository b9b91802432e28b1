/** Which rows are chosen, and where the keyboard stands. */
export interface ImageSelection {
  chosen: ReadonlySet<string>;
  /** The row that arrows move from. */
  cursor: string | null;
  /** Where a range began. */
  anchor: string | null;
}

export const NO_SELECTION: ImageSelection = { chosen: new Set(), cursor: null, anchor: null };

/** One row alone. */
export function chooseOne(id: string): ImageSelection {
  return { chosen: new Set([id]), cursor: id, anchor: id };
}

/** Adds a row, or takes it out. */
export function toggleRow({ chosen }: ImageSelection, id: string): ImageSelection {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return { chosen: next, cursor: id, anchor: id };
}

/** All rows from the anchor to this one. */
export function extendTo(
  { anchor, cursor }: ImageSelection,
  ids: readonly string[],
  id: string,
): ImageSelection {
  const from = ids.indexOf(anchor ?? cursor ?? id);
  const to = ids.indexOf(id);
  if (from === -1 || to === -1) return chooseOne(id);
  return {
    chosen: new Set(ids.slice(Math.min(from, to), Math.max(from, to) + 1)),
    cursor: id,
    anchor: ids[from] ?? id,
  };
}

/** Where a key leads from the cursor; undefined: it is no such key, or there is no row. */
export function rowAfterKey(
  key: string,
  { cursor }: ImageSelection,
  ids: readonly string[],
  page: number,
): string | undefined {
  const at = cursor === null ? -1 : ids.indexOf(cursor);
  const last = ids.length - 1;
  const wanted: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at === -1 ? last : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  if (!Object.hasOwn(wanted, key)) return undefined;
  return ids[Math.min(last, Math.max(0, wanted[key] ?? 0))];
}

/**
 * Without rows that are gone; the same object when none is. A cursor whose row is gone stands on the row that took its place.
 *
 * @param before the rows as they stood, in order
 */
export function keepPresent(
  selection: ImageSelection,
  before: readonly string[],
  now: ReadonlySet<string>,
): ImageSelection {
  const { chosen, cursor, anchor } = selection;
  const has = (id: string | null): boolean => id === null || now.has(id);
  if ([...chosen].every(has) && has(cursor) && has(anchor)) return selection;
  const at = cursor === null ? -1 : before.indexOf(cursor);
  const follower =
    before.slice(at + 1).find((id) => now.has(id)) ??
    before.slice(0, Math.max(0, at)).findLast((id) => now.has(id));
  const next = has(cursor) ? cursor : (follower ?? null);
  return {
    chosen: new Set([...chosen].filter(has)),
    cursor: next,
    anchor: has(anchor) ? anchor : next,
  };
}
