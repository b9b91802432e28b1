import type { Located, LocatedEntry } from '../../Located.ts';

/** The tree without what is marked `!reset`, and without marks. */
export function stripTags(node: Located): Located {
  const { tag: _, ...bare } = node;
  if (bare.kind === 'scalar') return bare;
  if (bare.kind === 'list')
    return { ...bare, items: bare.items.filter((item) => item.tag !== '!reset').map(stripTags) };
  const entries = new Map<string, LocatedEntry>();
  for (const [name, { key, value }] of bare.entries)
    if (value.tag !== '!reset') entries.set(name, { key, value: stripTags(value) });
  return { ...bare, entries };
}
