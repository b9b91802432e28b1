import type { Located, LocatedList } from '../../Located.ts';

/** A list that stands where `place` stands. */
export function locatedList(place: Located, items: Located[]): LocatedList {
  return { kind: 'list', file: place.file, start: place.start, end: place.end, items };
}
