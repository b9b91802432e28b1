import { textOf, type Located } from '../Located.ts';
import type { EditPath } from './ComposeEdit.ts';
import { EditRefused } from './EditRefusal.ts';
import type { EditSession } from './EditSession.ts';
import { removeEntry, renameEntry, setList, setValue } from './editLists.ts';
import { Plain, type Written, writtenOf } from './Written.ts';

/** A whole number as it may stand without quotes and still be the same text to compose. */
const WHOLE = /^(?:0|-?[1-9]\d{0,14})$/;

/** Sets `NAME: value` or `- NAME=value`, whichever form stands there; null: the name alone, whose value comes from outside. */
export function setPair(
  session: EditSession,
  document: number,
  path: EditPath,
  name: string,
  value: string | null,
): void {
  checkName(name);
  const pairs = session.source.valueAt(document, path);
  if (pairs?.kind !== 'list') {
    const present = pairs?.kind === 'map' ? pairs.entries.get(name)?.value : undefined;
    setValue(session, document, [...path, name], writtenPair(value, present));
    return;
  }
  const text = value === null ? name : `${name}=${value}`;
  const at = pairs.items.findIndex((item) => nameOf(item) === name);
  const items: Written[] = pairs.items.map(writtenOf);
  if (at === -1) items.push(text);
  else items[at] = text;
  setList(session, document, path, items);
}

export function removePair(session: EditSession, document: number, path: EditPath, name: string): void {
  const pairs = session.source.valueAt(document, path);
  if (pairs?.kind !== 'list') return removeEntry(session, document, [...path, name]);
  const items = pairs.items.filter((item) => nameOf(item) !== name).map(writtenOf);
  return setList(session, document, path, items);
}

export function renamePair(
  session: EditSession,
  document: number,
  path: EditPath,
  name: string,
  to: string,
): void {
  checkName(to);
  const pairs = session.source.valueAt(document, path);
  if (pairs?.kind !== 'list') return renameEntry(session, document, [...path, name], to);
  if (name !== to && pairs.items.some((item) => nameOf(item) === to))
    throw new EditRefused(`There is a “${to}” already.`, 'Choose another name.');
  const items = pairs.items.map((item) =>
    nameOf(item) === name ? to + (textOf(item) ?? '').slice(name.length) : writtenOf(item),
  );
  return setList(session, document, path, items);
}

/** What stands before the first `=` of an item. */
function nameOf(item: Located): string | undefined {
  return textOf(item)?.split('=', 1)[0];
}

/** Numbers stay without quotes where they are so already, or are new. */
function writtenPair(value: string | null, present: Located | undefined): Written {
  if (value === null) return new Plain('null');
  const wasText = present?.kind === 'scalar' && typeof present.value === 'string';
  return WHOLE.test(value) && !wasText ? new Plain(value) : value;
}

function checkName(name: string): void {
  if (name !== '' && !/[\s=\0]/.test(name)) return;
  throw new EditRefused(
    name === ''
      ? 'A name is missing.'
      : `“${name}” is no name: it contains ${name.includes('=') ? '“=”' : 'a space'}.`,
    'Write a name without spaces and “=”.',
  );
}
