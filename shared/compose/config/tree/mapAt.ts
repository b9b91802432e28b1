import type { Located, LocatedEntry, LocatedMap, LocatedScalar } from '../../Located.ts';

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
  return descend(root, { pattern: pattern.split('.'), path: [], key: undefined, change }) ?? root;
}

/** Where a descent is; one object for all of it: most patterns end early in most services, and nothing is to be made for these. */
interface Descent {
  pattern: readonly string[];
  path: string[];
  key: LocatedScalar | undefined;
  change(value: Located, spot: Spot): Located | undefined;
}

function descend(node: Located, descent: Descent): Located | undefined {
  const step = descent.pattern[descent.path.length];
  if (step === undefined) return descent.change(node, { path: [...descent.path], key: descent.key });
  if (node.kind === 'map') {
    if (step !== '*') {
      const entry = node.entries.get(step);
      return entry === undefined ? node : withValues(node, [[step, entry]], descent);
    }
    return withValues(node, node.entries, descent);
  }
  if (node.kind === 'list' && step === '*') {
    const items = node.items.flatMap((item, at) => {
      const value = below(item, String(at), undefined, descent);
      return value === undefined ? [] : [value];
    });
    const same = items.length === node.items.length && items.every((item, at) => item === node.items[at]);
    return same ? node : { ...node, items };
  }
  return node;
}

/** A mapping with some of its entries descended into. */
function withValues(node: LocatedMap, some: Iterable<[string, LocatedEntry]>, descent: Descent): LocatedMap {
  const next = descent.pattern[descent.path.length + 1];
  const isNamed = next !== undefined && next !== '*';
  // Copied only where something changes.
  let entries: Map<string, LocatedEntry> | undefined;
  for (const [name, entry] of some) {
    if (isNamed && !(entry.value.kind === 'map' && entry.value.entries.has(next))) continue;
    const value = below(entry.value, name, entry.key, descent);
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    if (value === undefined) entries.delete(name);
    else entries.set(name, { key: entry.key, value });
  }
  return entries === undefined ? node : { ...node, entries };
}

function below(
  node: Located,
  name: string,
  key: LocatedScalar | undefined,
  descent: Descent,
): Located | undefined {
  descent.path.push(name);
  descent.key = key;
  const value = descend(node, descent);
  descent.path.pop();
  return value;
}
