/** The object without its undefined fields. */
export function said<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}

/** A list that says something. */
export const listed = <Item>(items: Item[]): Item[] | undefined => (items.length === 0 ? undefined : items);

/** A mapping that says something. */
export const mapped = (record: Record<string, string>): Record<string, string> | undefined =>
  Object.keys(record).length === 0 ? undefined : record;
