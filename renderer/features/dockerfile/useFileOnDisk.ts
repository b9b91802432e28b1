import { useCallback, useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import { displayName } from '../app/displayName.ts';
import { fileKey, noteDisk, useEditorFiles } from './editorFiles.ts';

interface FileOnDisk {
  /** Why the file cannot be read. */
  error: ErrorShape | undefined;
  /** Reads a file from disk and takes note of it; false where it could not be read. */
  read: (path: string) => Promise<boolean>;
}

/** Between two looks at the file that is open, while the window is in sight. */
const LOOK_MS = 2_000;

/**
 * A file of a project as it is on disk. Read when it is opened, when the project was read anew (`revision` is another), when the window gets
 * the focus, and every now and then.
 */
export function useFileOnDisk(
  client: Client,
  appId: string,
  path: string | undefined,
  revision: unknown,
): FileOnDisk {
  const [failed, setFailed] = useState<{ path: string; error: ErrorShape }>();
  const read = useCallback(
    async (wanted: string) => {
      try {
        const before = knownVersion(appId, wanted);
        const file = await client.call('files.read', { appId, path: wanted });
        // Written meanwhile: what was read may be what stood there before.
        if (knownVersion(appId, wanted) !== before) return true;
        const news = noteDisk(appId, file);
        if (news === 'merged')
          toast(`${displayName(wanted)} was changed on disk`, {
            description: 'Those changes and yours touch different lines: both are in the text now.',
          });
        setFailed(undefined);
        return true;
      } catch (error) {
        setFailed({ path: wanted, error: toErrorShape(error) });
        return false;
      }
    },
    [client, appId],
  );
  useEffect(() => {
    if (path === undefined) return undefined;
    let pending = false;
    const look = (): void => {
      if (pending || document.visibilityState === 'hidden') return;
      pending = true;
      void read(path).finally(() => {
        pending = false;
      });
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    window.addEventListener('focus', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
    };
  }, [read, path, revision]);
  return { error: failed !== undefined && failed.path === path ? failed.error : undefined, read };
}

function knownVersion(appId: string, path: string): string | undefined {
  return useEditorFiles.getState().files[fileKey(appId, path)]?.file.version;
}
