import type { TextEdit } from '../domain/Diagnostic.ts';
import type { Findings } from './Findings.ts';
import type { Located, LocatedEntry, LocatedMap } from './Located.ts';

/**
 * Takes one entry out of a block mapping: its lines from the key to the line before the next entry (trailing blank lines and comments that
 * belong to what follows stay).
 */
export function removeEntry(findings: Findings, entry: LocatedEntry): TextEdit[] {
  return removeLines(findings, entry.key, Math.max(entry.key.end, entry.value.end));
}

/** Takes one item out of a list or mapping. */
function removeItem(findings: Findings, item: Located): TextEdit[] {
  return removeLines(findings, item, item.end);
}

/** Takes an item out, and with the last one of its file also the entry that held the list there. */
export function removeFromEntry(
  findings: Findings,
  owner: LocatedMap,
  key: string,
  item: Located,
): TextEdit[] {
  const entry = owner.entries.get(key);
  if (entry === undefined || !isWithin(item, entry))
    return removeItem(findings, item).map((edit) => withEmptiedKey(findings, key, edit));
  // What another file says of it stays there, and a range of ports is one item.
  const places = new Set(
    itemsOf(entry.value).flatMap((other) => (isWithin(other, entry) ? [other.start] : [])),
  );
  return places.size <= 1 ? removeEntry(findings, entry) : removeItem(findings, item);
}

function itemsOf(value: Located): Located[] {
  if (value.kind === 'list') return value.items;
  return value.kind === 'map' ? [...value.entries.values()].map((entry) => entry.key) : [];
}

function isWithin(item: Located, { key, value }: LocatedEntry): boolean {
  return item.file === key.file && value.file === key.file && item.start >= key.end && item.end <= value.end;
}

/** Where the item was all there was below its key, the key goes with it: compose refuses lists that are nothing. */
function withEmptiedKey(findings: Findings, key: string, edit: TextEdit): TextEdit {
  const source = findings.source(edit.file);
  if (source === undefined) return edit;
  const first = source.range(edit.start, edit.start);
  const isInk = (line: number): boolean => !/^\s*(#.*)?$/.test(source.line(line));
  let above = first.line - 1;
  while (above >= 1 && !isInk(above)) above -= 1;
  let below = source.range(edit.end, edit.end).line;
  while (below <= source.lineCount && !isInk(below)) below += 1;
  const [, indent, name] = /^(\s*)([\w-]+):\s*(?:#.*)?$/.exec(source.line(above)) ?? [];
  const [, next = '', dash = ''] = /^(\s*)(-?)/.exec(source.line(below)) ?? [];
  const isWhole = edit.start === source.lineStart(first.line);
  if (!isWhole || indent === undefined || name !== key) return edit;
  const hasMore =
    below <= source.lineCount &&
    (next.length > indent.length || (next.length === indent.length && dash !== ''));
  return hasMore ? edit : { ...edit, start: source.lineStart(above) };
}

function removeLines(findings: Findings, place: { file: string; start: number }, end: number): TextEdit[] {
  const source = findings.source(place.file);
  if (source === undefined) return [];
  const first = source.range(place.start, place.start);
  const lastLine = source.range(Math.max(place.start, lastInk(source.text, place.start, end)), end).line;
  const before = source.text.slice(source.lineStart(first.line), place.start);
  const after = source.text.slice(end, source.lineEnd(lastLine));
  // Alone on its lines (but for a dash and a comment): the lines go. Else it stands in a flow collection: the text and one comma go.
  if (/^[\s-]*$/.test(before) && /^\s*(#.*)?\s*$/.test(after))
    return [
      { file: place.file, start: source.lineStart(first.line), end: source.lineEnd(lastLine), newText: '' },
    ];
  const comma = /^\s*,\s*/.exec(source.text.slice(end))?.[0].length ?? 0;
  const leading = comma > 0 ? 0 : (/\s*,\s*$/.exec(source.text.slice(0, place.start))?.[0].length ?? 0);
  return [{ file: place.file, start: place.start - leading, end: end + comma, newText: '' }];
}

/** Offset of the last character that is no blank; a block value's range reaches to the next key. */
function lastInk(text: string, start: number, end: number): number {
  let at = Math.min(end, text.length) - 1;
  while (at > start && /\s/.test(text[at] ?? '')) at -= 1;
  return at;
}
