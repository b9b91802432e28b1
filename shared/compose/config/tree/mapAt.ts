import type { Located, LocatedEntry, LocatedScalar } from '../../Located.ts';

/** What `mapAt` tells of a value besides itself: its path, and its key where it stands in a mapping. */
export interface Spot {
  path: readonly string[];
  key: LocatedScalar | undefined;
}

/**
 * The tree with every value at `pattern` replaced by what `change` makes of it; undefined removes it. A pattern is keys joined by
 * dots, `*` for any key or list index: `services.*.ports`. The tree itself is not changed.
 */
export function mapAt(
  root: Located,
  pattern: string,
  change: (value: Located, spot: Spot) => Located | undefined,
): Located {
  return descend(root, pattern.split('.'), { path: [], key: undefined }, change) ?? root;
}

function descend(
  node: Located,
  pattern: readonly string[],
  spot: Spot,
  change: (value: Located, spot: Spot) => Located | undefined,
): Located | undefined {
  const { path } = spot;
  const step = pattern[path.length];
  if (step === undefined) return change(node, spot);
  if (node.kind === 'map') {
    // Copied only where something changes: most patterns meet nothing in most services.
    let entries: Map<string, LocatedEntry> | undefined;
    for (const name of step === '*' ? node.entries.keys() : [step]) {
      const entry = node.entries.get(name);
      if (entry === undefined) continue;
      const value = descend(entry.value, pattern, { path: [...path, name], key: entry.key }, change);
      if (value === entry.value) continue;
      entries ??= new Map(node.entries);
      if (value === undefined) entries.delete(name);
      else entries.set(name, { key: entry.key, value });
    }
    return entries === undefined ? node : { ...node, entries };
  }
  if (node.kind === 'list' && step === '*') {
    const items = node.items.flatMap((item, at) => {
      const value = descend(item, pattern, { path: [...path, String(at)], key: undefined }, change);
      return value === undefined ? [] : [value];
    });
    const same = items.length === node.items.length && items.every((item, at) => item === node.items[at]);
    return same ? node : { ...node, items };
  }
  return node;
}
