import type { Located, LocatedEntry } from '../../Located.ts';

/** The tree without what is marked `!reset`, and without marks; itself where there are none, as in most files. */
export function stripTags(node: Located): Located {
  if (node.kind === 'scalar') return node.tag === undefined ? node : withoutTag(node);
  if (node.kind === 'list') {
    const kept = node.items.filter((item) => item.tag !== '!reset');
    const items = kept.map(stripTags);
    const isBare = node.tag === undefined && kept.length === node.items.length;
    return isBare && items.every((item, at) => item === kept[at]) ? node : withoutTag({ ...node, items });
  }
  let isBare = node.tag === undefined;
  const entries = new Map<string, LocatedEntry>();
  for (const [name, entry] of node.entries) {
    const value = entry.value.tag === '!reset' ? undefined : stripTags(entry.value);
    isBare &&= value === entry.value;
    if (value !== undefined) entries.set(name, value === entry.value ? entry : { key: entry.key, value });
  }
  return isBare ? node : withoutTag({ ...node, entries });
}

function withoutTag(node: Located): Located {
  const { tag: _, ...bare } = node;
  return bare;
}
