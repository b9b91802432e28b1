import type { YAMLSeq } from 'yaml';
import type { EditPath } from './ComposeEdit.ts';
import { EditRefused } from './EditRefusal.ts';
import type { EditSession } from './EditSession.ts';
import { ownEntry, ownList, placeValue, removeAt, replaceItem } from './editPlace.ts';
import { addItem, replaceKey, type TextChange } from './placeText.ts';
import { removeListItem } from './removeText.ts';
import { isWrittenList, says, withoutPath, withValue, type Written, writtenOf } from './Written.ts';

/** Makes a list consist of these items: those that are there already keep their lines, comments and order. */
export function setList(
  session: EditSession,
  document: number,
  path: EditPath,
  items: readonly Written[],
): void {
  if (items.length === 0) {
    if (session.source.valueAt(document, path) !== undefined) removeEntry(session, document, path);
    return;
  }
  const list = ownList(session.source, document, path);
  if (list === undefined || list.items.length === 0) {
    setValue(session, document, path, items);
    return;
  }
  const present = (): readonly Written[] => {
    const value = session.source.valueAt(document, path);
    const written = value === undefined ? [] : writtenOf(value);
    return isWrittenList(written) ? written : [];
  };
  const step = (next: readonly Written[], change: (own: YAMLSeq) => TextChange): void => {
    const own = ownList(session.source, document, path);
    if (own === undefined) throw new EditRefused('The list is no longer there.', 'Look at it again.');
    session.apply(document, [change(own)], (tree) => withValue(tree, path, next));
  };
  const remove = (at: number): void =>
    step(
      present().filter((_, index) => index !== at),
      (own) => removeListItem(session.source, own, at),
    );
  // From the end, so that the numbers of the others stay.
  for (let at = present().length - 1; at >= 0 && present().length > items.length; at -= 1) {
    const value = session.source.valueAt(document, path);
    const item = value?.kind === 'list' ? value.items[at] : undefined;
    if (!items.some((wanted) => says(item, wanted))) remove(at);
  }
  for (const [at, item] of items.entries()) {
    const value = session.source.valueAt(document, path);
    if (value?.kind === 'list' && says(value.items[at], item)) continue;
    const next = [...present()];
    const isNew = at >= next.length;
    next[at] = item;
    step(next, (own) =>
      isNew ? addItem(session.source, own, item) : replaceItem(session.source, own, at, item),
    );
  }
  for (let at = present().length - 1; at >= items.length; at -= 1) remove(at);
}

export function setValue(session: EditSession, document: number, path: EditPath, value: Written): void {
  const { changes, notes } = placeValue(session.source, document, path, value);
  session.apply(document, changes, (tree) => withValue(tree, path, value));
  session.notes.push(...notes);
}

export function removeEntry(session: EditSession, document: number, path: EditPath): void {
  const { edit, path: removed } = removeAt(session.source, document, path);
  session.apply(document, edit.changes, (tree) => withoutPath(tree, removed));
}

export function renameEntry(session: EditSession, document: number, path: EditPath, name: string): void {
  const pair = ownEntry(session.source, document, path);
  const key = path.at(-1) ?? '';
  const parent = session.source.valueAt(document, path.slice(0, -1));
  if (pair === undefined)
    throw new EditRefused(`“${key}” does not stand here itself.`, 'Rename it where it stands.');
  if (key === name) return;
  if (parent?.kind === 'map' && parent.entries.has(name))
    throw new EditRefused(`There is a “${name}” already.`, 'Choose another name.');
  session.apply(document, [replaceKey(pair, name)], (tree) => withKey(tree, path, name));
}

/** The tree with the last key of a path renamed. */
function withKey(tree: Written, path: EditPath, name: string): Written {
  const value = path.reduce<Written | undefined>(
    (at, key) => (at instanceof Map ? (at as ReadonlyMap<string, Written>).get(key) : undefined),
    tree,
  );
  return withValue(withoutPath(tree, path), [...path.slice(0, -1), name], value ?? '');
}
