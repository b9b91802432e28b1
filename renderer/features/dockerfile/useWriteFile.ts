import { useState } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import { displayName } from '../app/displayName.ts';
import { diskText, type EditorFile, noteWritten } from './editorFiles.ts';

interface WriteFile {
  /** True when it stands on disk. */
  write: (file: EditorFile) => Promise<boolean>;
  writing: boolean;
}

/** Writes an edited file, all or nothing; a file that was changed meanwhile is `onConflict`'s to show. */
export function useWriteFile(
  client: Client,
  appId: string,
  { onWritten, onConflict }: { onWritten: (file: EditorFile) => void; onConflict: (path: string) => void },
): WriteFile {
  const [writing, setWriting] = useState(false);
  const write = async (edited: EditorFile): Promise<boolean> => {
    if (writing) return false;
    const { file, text } = edited;
    setWriting(true);
    try {
      const input = { appId, path: file.path, text: diskText(file, text), version: file.version };
      noteWritten(appId, await client.call('files.write', input));
      onWritten(edited);
      return true;
    } catch (error) {
      const { code, message, hint } = toErrorShape(error);
      if (code === 'conflict') onConflict(file.path);
      else toast.error(displayName(message), hint === undefined ? {} : { description: hint });
      return false;
    } finally {
      setWriting(false);
    }
  };
  return { write, writing };
}
