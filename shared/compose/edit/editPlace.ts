import { isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Located } from '../Located.ts';
import type { EditPath } from './ComposeEdit.ts';
import { type ComposeText, isAliasNode, isNull, ownPair, type OwnPair, startOf } from './ComposeText.ts';
import { EditRefused } from './EditRefusal.ts';
import { addEntry, linesBelow, replaceNode, replaceValue, type TextChange } from './placeText.ts';
import { dashOf, removePair } from './removeText.ts';
import { flowText, indented, mapLines } from './writeValue.ts';
import { isWrittenMap, withValue, type Written, writtenOf } from './Written.ts';

/** How deep services stand: what is above is never taken out for being empty. */
const SERVICE_DEPTH = 2;

interface PlacedEdit {
  changes: TextChange[];
  notes: string[];
}

/** The mapping of a document. @throws EditRefused where it is something else */
function rootOf(source: ComposeText, document: number): YAMLMap {
  const { contents } = source.documents[document] ?? {};
  if (isMap(contents)) return contents;
  throw new EditRefused(
    'The file does not begin with a mapping.',
    'Write services: and what to run below it.',
  );
}

/** Puts a value at a path; what is missing on the way is made. */
export function placeValue(
  source: ComposeText,
  document: number,
  path: EditPath,
  value: Written,
): PlacedEdit {
  let map = rootOf(source, document);
  for (let at = 0; at < path.length; at += 1) {
    const key = path[at] ?? '';
    const rest = path.slice(at + 1);
    const here = path.slice(0, at + 1);
    const pair = ownPair(source, map, key);
    const present = source.valueAt(document, here);
    if (pair === undefined) {
      const notes = rest.length === 0 ? [] : notesOf(source, present, here);
      return { changes: [addEntry(source, map, key, merged(present, rest, value))], notes };
    }
    refuseTags(source, pair);
    if (rest.length === 0)
      return { changes: [replaceValue(source, pair, value, map.flow === true)], notes: [] };
    if (isAliasNode(pair.value)) return overrideAlias(source, map, pair, present, rest, value);
    if (isNull(pair.value)) {
      const made = withValue(undefined, rest, value);
      return { changes: [replaceValue(source, pair, made, map.flow === true)], notes: [] };
    }
    if (!isMap(pair.value))
      throw new EditRefused(
        `“${key}” is no mapping here.`,
        'Edit it in the text.',
        source.line(startOf(pair.key)),
      );
    map = pair.value;
  }
  throw new EditRefused('The whole file is no value to be set.', 'Edit it in the text.');
}

/** What is written for a key: the value, with what was merged in beside it, since an entry of its own hides that. */
function merged(present: Located | undefined, rest: EditPath, value: Written): Written {
  const base = present?.kind === 'map' ? writtenOf(present) : undefined;
  return withValue(base, rest, value);
}

/** `key: *name` becomes `key: { <<: *name, … }`: what the alias names stays as it is. */
function overrideAlias(
  source: ComposeText,
  map: YAMLMap,
  pair: OwnPair,
  present: Located | undefined,
  rest: EditPath,
  value: Written,
): PlacedEdit {
  const alias = pair.value;
  if (present?.kind !== 'map' || !isAliasNode(alias))
    throw new EditRefused(
      `“${source.text.slice(...rangeOf(pair))}” stands for something that is no mapping.`,
      'Edit it in the text.',
      source.line(startOf(pair.key)),
    );
  const [first = ''] = rest;
  const below = present.entries.get(first)?.value;
  const entry = new Map<string, Written>([[first, merged(below, rest.slice(1), value)]]);
  const name = `*${alias.source}`;
  const notes = rest.length > 1 ? notesOf(source, below, [first]) : [];
  const [start, end] = rangeOf(pair);
  if (map.flow === true)
    return { changes: [{ start, end, newText: `{ <<: ${name}, ${flowText(entry).slice(2)}` }], notes };
  const column = source.column(startOf(pair.key)) + source.step;
  const added = linesBelow(source, end, indented([`<<: ${name}`, ...mapLines(entry, source.step)], column));
  let from = start;
  while (source.text[from - 1] === ' ') from -= 1;
  return { changes: [{ start: from, end, newText: '' }, added], notes };
}

function rangeOf(pair: OwnPair): [number, number] {
  return [startOf(pair.value), pair.value?.range?.[1] ?? 0];
}

function notesOf(source: ComposeText, present: Located | undefined, path: EditPath): string[] {
  if (present?.kind !== 'map' || present.entries.size === 0) return [];
  return [
    `${path.slice(SERVICE_DEPTH).join('.') || path.join('.')} was taken from line ${source.line(present.start)}; it is written out here now.`,
  ];
}

/** Takes the entry at a path out, with the mappings that would be left empty. */
export function removeAt(
  source: ComposeText,
  document: number,
  path: EditPath,
): { edit: PlacedEdit; path: EditPath } {
  let map = rootOf(source, document);
  const steps: { map: YAMLMap; pair: OwnPair }[] = [];
  for (const [at, key] of path.entries()) {
    const pair = ownPair(source, map, key);
    if (pair === undefined) {
      const found = source.valueAt(document, path.slice(0, at + 1));
      throw new EditRefused(
        found === undefined ? `There is no “${key}” to take out.` : `“${key}” comes from elsewhere.`,
        found === undefined ? 'Look at it again.' : 'Take it out there, or write another value here.',
        found === undefined ? undefined : source.line(found.start),
      );
    }
    refuseTags(source, pair);
    steps.push({ map, pair });
    if (at === path.length - 1) break;
    if (isAliasNode(pair.value)) {
      const found = source.valueAt(document, path);
      throw new EditRefused(
        `“${path.slice(SERVICE_DEPTH).join('.')}” comes from *${pair.value.source}, which others may use as well.`,
        'Take it out there, or write the mapping out here in the text.',
        source.line(found?.start ?? startOf(pair.key)),
      );
    }
    if (!isMap(pair.value))
      throw new EditRefused(`There is no “${path.at(-1) ?? ''}” to take out.`, 'Look at it again.');
    map = pair.value;
  }
  let depth = steps.length - 1;
  while (depth > SERVICE_DEPTH && steps[depth]?.map.items.length === 1) depth -= 1;
  if (depth === SERVICE_DEPTH && steps[depth]?.map.items.length === 1)
    throw new EditRefused(
      `“${path[SERVICE_DEPTH] ?? ''}” is all that ${path[1] ?? 'it'} says.`,
      'Remove the service, or give it something else first.',
      source.line(startOf(steps[depth]?.pair.key)),
    );
  const step = steps[depth];
  if (step === undefined) throw new EditRefused('There is nothing to take out.', 'Look at it again.');
  return {
    edit: { changes: [removePair(source, step.map, step.pair)], notes: [] },
    path: path.slice(0, depth + 1),
  };
}

/** The list at a path as it stands there itself. @throws EditRefused where it comes from elsewhere or is none */
export function ownList(source: ComposeText, document: number, path: EditPath): YAMLSeq | undefined {
  const pair = ownEntry(source, document, path);
  if (pair === undefined || isNull(pair.value)) return undefined;
  return isSeq(pair.value) ? pair.value : undefined;
}

/** The entry at a path where all the mappings down to it stand there themselves. */
export function ownEntry(source: ComposeText, document: number, path: EditPath): OwnPair | undefined {
  let map: unknown = rootOf(source, document);
  let pair: OwnPair | undefined;
  for (const key of path) {
    if (!isMap(map)) return undefined;
    pair = ownPair(source, map, key);
    if (pair === undefined) return undefined;
    map = pair.value;
  }
  return pair;
}

/** One item of a list says something else. */
export function replaceItem(source: ComposeText, list: YAMLSeq, index: number, value: Written): TextChange {
  const item = (list.items as OwnPair['value'][])[index];
  if (item === null || item === undefined)
    throw new EditRefused('There is no such item.', 'Look at the list again.');
  const inFlow = list.flow === true;
  const start = startOf(item);
  const column = inFlow ? 0 : source.column(dashOf(source, list, index));
  if (!inFlow && isWrittenMap(value) && !isMap(item)) {
    const [first = '', ...rest] = mapLines(value, source.step);
    const end = item.range?.[1] ?? start;
    return { start, end, newText: [first, ...indented(rest, column + 2)].join(source.lineEnd) };
  }
  return replaceNode(source, item, value, {
    inFlow,
    column,
    head: isMap(item) && item.flow !== true ? start - 1 : start,
  });
}

/** What override files do with `!reset` and `!override` is not for a form to take away. */
function refuseTags(source: ComposeText, pair: OwnPair): void {
  const tag = pair.value?.tag;
  if (tag === '!reset' || tag === '!override')
    throw new EditRefused(`${tag} stands here.`, 'Edit it in the text.', source.line(startOf(pair.key)));
}
