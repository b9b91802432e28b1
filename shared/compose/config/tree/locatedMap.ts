import type { Located, LocatedEntry, LocatedMap } from '../../Located.ts';
import { locatedText } from './locatedText.ts';

/** A mapping that stands where `place` stands. Entries that are undefined are left out; keys stand where their values stand. */
export function locatedMap(
  place: Located,
  values: Iterable<readonly [string, Located | undefined]>,
): LocatedMap {
  const entries = new Map<string, LocatedEntry>();
  for (const [name, value] of values)
    if (value !== undefined) entries.set(name, { key: locatedText(value, name), value });
  return { kind: 'map', file: place.file, start: place.start, end: place.end, entries };
}
