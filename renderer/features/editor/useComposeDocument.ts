import { useCallback, useDeferredValue, useMemo } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import type { ErrorShape } from '#shared/contract/errors.ts';
import type { ComposeEdit } from '#shared/compose/edit/ComposeEdit.ts';
import { ComposeText } from '#shared/compose/edit/ComposeText.ts';
import { editCompose } from '#shared/compose/edit/editCompose.ts';
import { EditRefused, type EditRefusal } from '#shared/compose/edit/EditRefusal.ts';
import { displayName } from '../app/displayName.ts';
import { type EditorFile, fileKey, isChanged, noteText, useEditorFiles } from '../dockerfile/editorFiles.ts';
import { useFileOnDisk } from '../dockerfile/useFileOnDisk.ts';
import { useWriteFile } from '../dockerfile/useWriteFile.ts';

/** A compose file that is edited: one text, whatever shows it. */
export interface ComposeDocument {
  /** Undefined while it is read. */
  file: EditorFile | undefined;
  /** Why it cannot be read. */
  error: ErrorShape | undefined;
  changed: boolean;
  /** The text's nodes; where it cannot be made sense of, why. */
  parsed: { source: ComposeText } | { refusal: EditRefusal } | undefined;
  /** Makes a change of what it says; the refusal where it cannot be made. */
  edit: (edit: ComposeEdit) => EditRefusal | undefined;
  /** Writes a file of the app as it is edited; true when it stands on disk. */
  save: (path: string) => Promise<boolean>;
  saving: boolean;
}

/**
 * @param revision changes when the project was read anew
 * @param isTyping the text itself is edited: its nodes may be a moment late then, so that they never hold up a key
 */
export function useComposeDocument(
  client: Client,
  appId: string,
  path: string | undefined,
  revision: unknown,
  isTyping: boolean,
): ComposeDocument {
  const key = path === undefined ? '' : fileKey(appId, path);
  const file = useEditorFiles(({ files }) => files[key]);
  const { error, read } = useFileOnDisk(client, appId, path, revision);
  const { write, writing } = useWriteFile(client, appId, {
    // The editor says so itself, with what can be done then.
    onWritten: () => undefined,
    // What can be put together is; the rest is asked about.
    onConflict: (of) => void read(of),
  });
  const text = file?.text;
  const late = useDeferredValue(text);
  const parsedText = isTyping ? late : text;
  const parsed = useMemo(() => (parsedText === undefined ? undefined : parse(parsedText)), [parsedText]);

  const edit = useCallback(
    (change: ComposeEdit): EditRefusal | undefined => {
      const present = useEditorFiles.getState().files[key];
      if (present === undefined || path === undefined)
        return { message: 'The file is not read yet.', hint: 'Wait a moment.' };
      const outcome = editCompose(present.text, change);
      if (!outcome.ok) return outcome.refusal;
      noteText(appId, path, outcome.text);
      if (outcome.notes.length > 0) toast(displayName(outcome.notes.join(' ')));
      return undefined;
    },
    [appId, key, path],
  );
  const save = async (of: string): Promise<boolean> => {
    const present = useEditorFiles.getState().files[fileKey(appId, of)];
    if (present === undefined || present.disk !== undefined || !isChanged(present)) return false;
    return write(present);
  };
  return {
    file,
    error,
    changed: file !== undefined && isChanged(file),
    parsed,
    edit,
    save,
    saving: writing,
  };
}

function parse(text: string): { source: ComposeText } | { refusal: EditRefusal } {
  try {
    return { source: new ComposeText(text) };
  } catch (error) {
    if (error instanceof EditRefused) return { refusal: error.refusal };
    throw error;
  }
}
