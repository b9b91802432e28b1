import { type Located, textOf } from '../Located.ts';

/** A scalar that is written as it stands here, without quotes of its own: a number, a flag, `null`. */
export class Plain {
  readonly source: string;

  constructor(source: string | number | boolean) {
    this.source = String(source);
  }
}

/** A value to be put into a file. A string is a text, whatever it looks like. */
export type Written = string | Plain | readonly Written[] | WrittenMap;
export type WrittenMap = ReadonlyMap<string, Written>;

export function isWrittenMap(value: Written): value is WrittenMap {
  return value instanceof Map;
}

export function isWrittenList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}

/** A value of a file as it would be written out, aliases and merged keys included. */
export function writtenOf(value: Located): Written {
  if (value.kind === 'map')
    return new Map([...value.entries].map(([key, entry]) => [key, writtenOf(entry.value)]));
  if (value.kind === 'list') return value.items.map(writtenOf);
  if (typeof value.value === 'string') return value.value;
  return new Plain(value.quoted ? String(value.value) : value.source || 'null');
}

/** The map with a value put in at a path; what is no mapping on the way gives way. */
export function withValue(map: Written | undefined, path: readonly string[], value: Written): Written {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const entries = new Map(map !== undefined && isWrittenMap(map) ? map : []);
  entries.set(key, withValue(entries.get(key), rest, value));
  return entries;
}

/** True where a value of a file says what was to be written. A number may stand in quotes. */
export function says(found: Located | undefined, wanted: Written): boolean {
  if (found === undefined) return false;
  if (isWrittenMap(wanted))
    return (
      found.kind === 'map' &&
      found.entries.size === wanted.size &&
      [...wanted].every(([key, value]) => says(found.entries.get(key)?.value, value))
    );
  if (isWrittenList(wanted))
    return (
      found.kind === 'list' &&
      found.items.length === wanted.length &&
      wanted.every((value, at) => says(found.items[at], value))
    );
  if (found.kind !== 'scalar') return false;
  if (wanted instanceof Plain)
    return found.value === null ? /^(null|~|)$/i.test(wanted.source) : textOf(found) === wanted.source;
  return found.value === wanted;
}

/** The map without the entry at a path. */
export function withoutPath(map: Written, path: readonly string[]): Written {
  const [key, ...rest] = path;
  if (key === undefined || !isWrittenMap(map)) return map;
  const entries = new Map(map);
  const below = entries.get(key);
  if (rest.length === 0 || below === undefined) entries.delete(key);
  else entries.set(key, withoutPath(below, rest));
  return entries;
}
