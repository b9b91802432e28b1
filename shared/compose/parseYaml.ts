import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import type { Findings } from './Findings.ts';
import type { Located, LocatedEntry, LocatedMap, LocatedScalar } from './Located.ts';
import { repairYaml } from './repairYaml.ts';

const LARGEST_TEXT = 1024 * 1024;
const DEEPEST = 64;
/** Values after aliases are written out: a “billion laughs” stops here. */
const MOST_VALUES = 50_000;

interface Walk {
  file: string;
  findings: Findings;
  document: Document.Parsed;
  original(offset: number): number;
  values: number;
  /** Anchored nodes being written out now: meeting one again is a cycle. */
  open: Set<Node>;
  stopped: boolean;
}

/**
 * Reads a YAML file into values with their places; undefined when it cannot be made sense of (the findings say why). A missing space after
 * a known key's colon is reported and read as if it were there.
 */
export function parseYaml(file: string, text: string, findings: Findings): Located | undefined {
  findings.know(file, text);
  if (text.length > LARGEST_TEXT) {
    findings.add({
      code: 'file-too-large',
      severity: 'error',
      file,
      message: `${file} is larger than 1 MiB.`,
      explanation: 'No compose file written by a person is that large; it is not read.',
    });
    return undefined;
  }
  const repaired = repairYaml(text);
  for (const at of repaired.missingSpaces) {
    const line = findings.source(file)?.range(at, at);
    const key = text.slice(line === undefined ? 0 : line.start - line.column + 1, at).trim();
    findings.add({
      code: 'missing-space-after-colon',
      severity: 'error',
      file,
      start: at - key.length,
      end: at,
      message: `There is no space after “${key}”.`,
      explanation: `YAML reads “${key}${text.slice(at, at + 20).split(/\s/)[0] ?? ''}” as one text, not as a key and its value. Flotilla shows the rest of the file as if the space were there.`,
      fixes: [
        {
          id: 'insert-space',
          title: 'Insert the space',
          edits: [{ file, start: at, end: at, newText: ' ' }],
        },
      ],
    });
  }
  let documents: Document.Parsed[];
  try {
    const parsed = parseAllDocuments(repaired.text, {
      version: '1.2',
      uniqueKeys: true,
      logLevel: 'silent',
      prettyErrors: false,
      stringKeys: false,
    });
    documents = 'empty' in parsed ? [] : parsed;
  } catch (error) {
    findings.add({
      code: error instanceof RangeError ? 'nested-too-deeply' : 'yaml-syntax',
      severity: 'error',
      file,
      start: 0,
      message:
        error instanceof RangeError
          ? `${file} is nested more deeply than any compose file.`
          : `${file} is no YAML: ${(error as Error).message}`,
      explanation: 'It is not read any further.',
    });
    return undefined;
  }
  const [document, second] = documents;
  if (document === undefined) return undefined;
  if (second !== undefined) {
    findings.add({
      code: 'several-documents',
      severity: 'error',
      file,
      start: repaired.original(second.range[0]),
      message: 'A compose file is one YAML document; “---” begins another here.',
      explanation: 'Only the first one is read. Put the others into files of their own.',
    });
  }
  for (const problem of document.errors) {
    const isDuplicate = problem.code === 'DUPLICATE_KEY';
    const isTab = problem.code === 'TAB_AS_INDENT';
    findings.add({
      code: isDuplicate ? 'duplicate-key' : isTab ? 'tab-indentation' : 'yaml-syntax',
      severity: 'error',
      file,
      start: repaired.original(problem.pos[0]),
      end: repaired.original(problem.pos[1]),
      message: isDuplicate
        ? 'This key stands here twice.'
        : isTab
          ? 'A tab is used to indent.'
          : `This is no YAML: ${problem.message.split('\n')[0] ?? ''}`,
      explanation: isDuplicate
        ? 'Only one of the two could count; remove one.'
        : isTab
          ? 'YAML allows only spaces; replace the tab with two of them.'
          : 'The place is where reading failed; the mistake is there or just before it.',
    });
  }
  for (const problem of document.warnings) {
    findings.add({
      code: 'unknown-tag',
      severity: 'error',
      file,
      start: repaired.original(problem.pos[0]),
      end: repaired.original(problem.pos[1]),
      message: `${problem.message.split('\n')[0] ?? 'Unknown tag'}.`,
      explanation:
        'Tags that would build objects or run code are never followed. Write the value without the tag.',
    });
  }
  if (document.contents === null) return undefined;
  const walk: Walk = {
    file,
    findings,
    document,
    original: (offset) => repaired.original(offset),
    values: 0,
    open: new Set(),
    stopped: false,
  };
  return locate(document.contents, walk, 0);
}

function locate(node: unknown, walk: Walk, depth: number): Located {
  const place = placeOf(node, walk);
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
    const target = node.resolve(walk.document);
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
    return map;
  }
  if (isSeq(node)) {
    walk.open.add(node);
    const items = node.items.map((item) => locate(item, walk, depth + 1));
    walk.open.delete(node);
    return { kind: 'list', ...place, items };
  }
  if (isScalar(node)) {
    const { value } = node;
    const isPlainValue = value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
    return {
      kind: 'scalar',
      ...place,
      // Dates, binaries and the like have no place in a compose file: their text is taken.
      value: isPlainValue ? (value as LocatedScalar['value']) : (node.source ?? ''),
      source: node.source ?? '',
      quoted: node.type !== 'PLAIN',
      interpolated: false,
    };
  }
  return nothing(place);
}

function locateMap(node: YAMLMap, walk: Walk, depth: number, place: ReturnType<typeof placeOf>): LocatedMap {
  const entries = new Map<string, LocatedEntry>();
  const merged: Located[] = [];
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
  return { kind: 'map', ...place, entries };
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
