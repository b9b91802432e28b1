import type { ComposeEdit, EditOutcome } from './ComposeEdit.ts';
import { EditRefused } from './EditRefusal.ts';
import { EditSession } from './EditSession.ts';
import { removeEntry, renameEntry, setList, setValue } from './editLists.ts';
import { removePair, renamePair, setPair } from './editPairs.ts';
import { addService, extendedBy, removeService, renameService } from './editServices.ts';

/**
 * Makes one change of what a compose file says and leaves the rest of its text as it is: comments, order, quotes, anchors, indentation and line
 * ends. Afterwards the file says what was asked for and nothing else is different, or the change is refused: what stands at an anchor that
 * other services use is never changed for them as well.
 *
 * @param text the file as it stands, without a byte order mark
 */
export function editCompose(text: string, edit: ComposeEdit): EditOutcome {
  try {
    const session = new EditSession(text, 'path' in edit ? edit.path[1] : edit.name);
    make(session, edit);
    return { ok: true, text: session.source.text, notes: session.notes };
  } catch (error) {
    if (error instanceof EditRefused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function make(session: EditSession, edit: ComposeEdit): void {
  if (edit.kind === 'addService') return addService(session, edit.name, edit.value);
  if (edit.kind === 'removeService') return removeService(session, edit.name);
  if (edit.kind === 'renameService') return renameService(session, edit.name, edit.to);
  const service = edit.path[1] ?? '';
  const document = session.source.documentOf(service);
  if (edit.kind === 'set') setValue(session, document, edit.path, edit.value);
  else if (edit.kind === 'remove') removeEntry(session, document, edit.path);
  else if (edit.kind === 'rename') renameEntry(session, document, edit.path, edit.name);
  else if (edit.kind === 'setList') setList(session, document, edit.path, edit.items);
  else if (edit.kind === 'setPair') setPair(session, document, edit.path, edit.name, edit.value);
  else if (edit.kind === 'removePair') removePair(session, document, edit.path, edit.name);
  else renamePair(session, document, edit.path, edit.name, edit.to);
  const followers = extendedBy(session, document, service);
  if (followers.length > 0)
    session.notes.push(
      `${followers.join(', ')} ${followers.length === 1 ? 'extends' : 'extend'} ${service} and ${followers.length === 1 ? 'follows' : 'follow'}.`,
    );
}
