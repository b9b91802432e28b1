import { type Document, isAlias, isMap, isScalar, isSeq, type Node, visit, type YAMLMap } from 'yaml';
import type { Findings } from './Findings.ts';
import type { Located, LocatedEntry, LocatedMap, LocatedScalar, MergeTag } from './Located.ts';

const DEEPEST = 64;
/** Values after aliases are written out: a “billion laughs” stops here. */
const MOST_VALUES = 50_000;

interface Walk extends DocumentToLocate {
  values: number;
  /** Anchored nodes being written out now: meeting one again is a cycle. */
  open: Set<Node>;
  stopped: boolean;
  /** What each alias names; found when the first is met. */
  targets: ReadonlyMap<unknown, Node> | undefined;
}

export interface DocumentToLocate {
  file: string;
  findings: Findings;
  document: Document.Parsed;
  /** Turns an offset of the text that was parsed into one of the file. */
  original(offset: number): number;
}

/**
 * A parsed document as values with their places, aliases written out and merge keys applied. Depth, number of values and cycles
 * are bounded; what is beyond is told as a finding and reads as nothing.
 */
export function locateDocument(source: DocumentToLocate): Located {
  return locate(
    source.document.contents,
    { ...source, values: 0, open: new Set(), stopped: false, targets: undefined },
    0,
  );
}

/**
 * What the aliases of a document name: the last node before them with that anchor (YAML 1.2, 3.2.2.2). In one walk for all of them: an alias that
 * resolves itself walks through the whole document each time.
 */
function targetsIn(document: Document.Parsed): Map<unknown, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchored.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (typeof node.anchor === 'string' && node.anchor !== '') anchored.set(node.anchor, node);
    },
  });
  return targets;
}

function locate(node: unknown, walk: Walk, depth: number): Located {
  const place = placeOf(node, walk);
  const tag = (node as Node | null)?.tag;
  const mark = tag === '!reset' || tag === '!override' ? tag : undefined;
  if (walk.stopped) return nothing(place);
  walk.values += 1;
  if (walk.values > MOST_VALUES)
    return stop(
      walk,
      place,
      'too-many-aliases',
      'The aliases of this file write out to more values than any compose file has.',
      'It looks like an attempt to fill the memory (“billion laughs”).',
    );
  if (depth > DEEPEST)
    return stop(
      walk,
      place,
      'nested-too-deeply',
      'This is nested more deeply than any compose file.',
      'It is not read any further.',
    );
  if (isAlias(node)) {
    walk.targets ??= targetsIn(walk.document);
    const target = walk.targets.get(node);
    if (target === undefined) {
      walk.findings.add({
        code: 'unknown-alias',
        severity: 'error',
        ...place,
        message: `There is no anchor &${node.source}.`,
        explanation: 'An alias must name an anchor that stands before it.',
      });
      return nothing(place);
    }
    if (walk.open.has(target))
      return stop(
        walk,
        place,
        'alias-cycle',
        `*${node.source} stands inside of what it names.`,
        'Such a value would never end.',
      );
    return locate(target, walk, depth + 1);
  }
  if (isMap(node)) {
    walk.open.add(node);
    const map = locateMap(node, walk, depth, place);
    walk.open.delete(node);
    return marked(map, mark);
  }
  if (isSeq(node)) {
    walk.open.add(node);
    const items = node.items.map((item) => locate(item, walk, depth + 1));
    walk.open.delete(node);
    return marked({ kind: 'list', file: place.file, start: place.start, end: place.end, items }, mark);
  }
  if (isScalar(node)) {
    const { value } = node;
    const isPlainValue = value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
    const scalar: LocatedScalar = {
      kind: 'scalar',
      file: place.file,
      start: place.start,
      end: place.end,
      // Dates, binaries and the like have no place in a compose file: their text is taken.
      value: isPlainValue ? (value as LocatedScalar['value']) : (node.source ?? ''),
      source: node.source ?? '',
      // What has a tag of its own is text, whatever it looks like.
      quoted: node.type !== 'PLAIN' || (tag !== undefined && !/:(?:float|int|bool|null)$/.test(tag)),
      interpolated: false,
    };
    return marked(scalar, mark);
  }
  return nothing(place);
}

/** All values of a kind have the same fields in the same order, but for the few that are marked: of thousands, that is felt. */
const marked = <Value extends Located>(value: Value, tag: MergeTag | undefined): Value =>
  tag === undefined ? value : { ...value, tag };

function locateMap(node: YAMLMap, walk: Walk, depth: number, place: ReturnType<typeof placeOf>): LocatedMap {
  const entries = new Map<string, LocatedEntry>();
  const merged: Located[] = [];
  const seen = new Set<string>();
  for (const pair of node.items) {
    const key = locate(pair.key, walk, depth + 1);
    if (key.kind !== 'scalar') {
      walk.findings.add({
        code: 'key-not-text',
        severity: 'error',
        ...placeOf(pair.key, walk),
        message: 'A key must be a text.',
        explanation: 'Compose files have no use for lists or mappings as keys.',
      });
      continue;
    }
    const value =
      pair.value === null ? nothing({ ...key, start: key.end }) : locate(pair.value, walk, depth + 1);
    const name =
      key.value === null ? '' : typeof key.value === 'string' ? key.value : key.source || String(key.value);
    if (seen.has(name) && !walk.stopped)
      walk.findings.add({
        code: 'duplicate-key',
        severity: 'error',
        ...placeOf(pair.key, walk),
        message: 'This key stands here twice.',
        explanation: 'Only one of the two could count; remove one.',
      });
    seen.add(name);
    if (name === '<<' && !key.quoted) merged.push(...(value.kind === 'list' ? value.items : [value]));
    else entries.set(name, { key, value });
  }
  // Merge keys (YAML 1.1, kept by Compose): what the map says itself wins, then the earlier of the merged.
  for (const source of merged) {
    if (source.kind !== 'map') {
      if (!walk.stopped)
        walk.findings.add({
          code: 'bad-merge',
          severity: 'error',
          file: source.file,
          start: source.start,
          end: source.end,
          message: '“<<” takes a mapping.',
          explanation: 'Write <<: *anchor, where the anchor names a mapping.',
        });
      continue;
    }
    for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
  }
  return { kind: 'map', file: place.file, start: place.start, end: place.end, entries };
}

function placeOf(node: unknown, walk: Walk): { file: string; start: number; end: number } {
  const range = (node as Node | null)?.range;
  return { file: walk.file, start: walk.original(range?.[0] ?? 0), end: walk.original(range?.[1] ?? 0) };
}

function nothing(place: { file: string; start: number; end: number }): LocatedScalar {
  return {
    kind: 'scalar',
    file: place.file,
    start: place.start,
    end: place.end,
    value: null,
    source: '',
    quoted: false,
    interpolated: false,
  };
}

function stop(
  walk: Walk,
  place: ReturnType<typeof placeOf>,
  code: string,
  message: string,
  explanation: string,
): LocatedScalar {
  walk.stopped = true;
  walk.findings.add({ code, severity: 'error', ...place, message, explanation });
  return nothing(place);
}
