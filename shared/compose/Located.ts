/** A YAML value that remembers where it stands. Offsets are UTF-16 units in the file as it is on disk. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

interface Place {
  file: string;
  start: number;
  end: number;
  /** `!reset` or `!override`: what an override file does to the value below it (Compose specification, Merge). */
  tag?: MergeTag | undefined;
}

export type MergeTag = '!reset' | '!override';

export interface LocatedEntry {
  key: LocatedScalar;
  value: Located;
}

export interface LocatedMap extends Place {
  kind: 'map';
  entries: Map<string, LocatedEntry>;
}

export interface LocatedList extends Place {
  kind: 'list';
  items: Located[];
}

export interface LocatedScalar extends Place {
  kind: 'scalar';
  value: string | number | boolean | bigint | null;
  /** As written, for plain scalars (`22:22`, `1e9`). */
  source: string;
  quoted: boolean;
  /** Held a `${…}`: its text may stand for a number. */
  interpolated: boolean;
  /** A path that is seen from the project's folder by now, no more from that of the file it stands in. */
  resolved?: true | undefined;
}

/** Own keys only: a key named `__proto__` is a key like any other. */
export function get(map: Located | undefined, key: string): Located | undefined {
  return map?.kind === 'map' ? map.entries.get(key)?.value : undefined;
}

export function isNothing(value: Located | undefined): boolean {
  return value === undefined || (value.kind === 'scalar' && value.value === null);
}

/** The text of a scalar, numbers as they were written; undefined for maps, lists and nothing. */
export function textOf(value: Located | undefined): string | undefined {
  if (value?.kind !== 'scalar' || value.value === null) return undefined;
  if (typeof value.value === 'string') return value.value;
  return value.quoted || value.source === '' ? String(value.value) : value.source;
}

/** What a person would call the kind of a value. */
export function kindName(value: Located): string {
  if (value.kind === 'map') return 'a mapping';
  if (value.kind === 'list') return 'a list';
  if (value.value === null) return 'nothing';
  return typeof value.value === 'string'
    ? `the text “${value.value.slice(0, 40)}”`
    : String(value.value).slice(0, 40);
}
