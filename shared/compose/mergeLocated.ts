import { type Located, type LocatedEntry, type LocatedScalar, textOf } from './Located.ts';

/** Lists of these are replaced as a whole by an override (Compose specification, Merge); all others are appended to. */
const REPLACED = new Set(['command', 'entrypoint', 'test']);
/** May be written as a list of KEY=value or as a mapping. */
const PAIRS = new Set(['environment', 'labels', 'args', 'sysctls', 'annotations', 'extra_hosts']);

/** `over` laid upon `base`, as Compose merges an override file or an extending service. */
export function mergeLocated(base: Located, over: Located, key = ''): Located {
  if (PAIRS.has(key)) return mergeMaps(asMap(base), asMap(over), key);
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, key);
  if (base.kind === 'list' && over.kind === 'list' && !REPLACED.has(key))
    return { ...over, items: [...base.items, ...over.items] };
  return over.kind === 'scalar' && over.value === null ? base : over;
}

function mergeMaps(base: Located, over: Located, _key: string): Located {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [name, entry] of over.entries) {
    const below = entries.get(name);
    entries.set(
      name,
      below === undefined ? entry : { key: entry.key, value: mergeLocated(below.value, entry.value, name) },
    );
  }
  return { ...over, entries };
}

function asMap(value: Located): Located {
  if (value.kind !== 'list') return value;
  const entries = new Map<string, LocatedEntry>();
  for (const item of value.items) {
    const text = textOf(item) ?? '';
    const equals = text.indexOf('=');
    const scalar = (content: string | null): LocatedScalar => ({
      kind: 'scalar',
      file: item.file,
      start: item.start,
      end: item.end,
      value: content,
      source: content ?? '',
      quoted: true,
      interpolated: false,
    });
    entries.set(equals === -1 ? text : text.slice(0, equals), {
      key: scalar(text),
      value: scalar(equals === -1 ? null : text.slice(equals + 1)),
    });
  }
  return { kind: 'map', file: value.file, start: value.start, end: value.end, entries };
}
