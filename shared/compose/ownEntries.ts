import type { LocatedEntry, LocatedMap } from './Located.ts';

/** Entries that stand inside of the mapping where it is written: neither assumed, nor from another file or an anchor. In their order. */
export function ownEntries({ entries, file, start, end }: LocatedMap): LocatedEntry[] {
  return [...entries.values()]
    .filter(
      ({ key }) =>
        key.file === file &&
        key.start >= start &&
        key.end <= end &&
        !(key.start === start && key.end === end),
    )
    .sort((a, b) => a.key.start - b.key.start);
}
