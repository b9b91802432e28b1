import type { Located, LocatedMap } from '../../Located.ts';
import { locatedText } from './locatedText.ts';

/** The mapping with `name` set, or without it when `value` is undefined. A key that was there keeps its place. */
export function withEntry(map: LocatedMap, name: string, value: Located | undefined): LocatedMap {
  const entries = new Map(map.entries);
  if (value === undefined) entries.delete(name);
  else entries.set(name, { key: entries.get(name)?.key ?? locatedText(value, name), value });
  return { ...map, entries };
}
