import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ComposeDraft } from '#shared/domain/ComposeDraft.ts';

/** What is found in a text that is not written yet, with the text it was found in. */
export interface CheckedDraft {
  text: string;
  draft: ComposeDraft;
}

interface Draft {
  /** Undefined until the first answer; then of the last text that was looked at. */
  checked: CheckedDraft | undefined;
  error: ErrorShape | undefined;
}

/** A pause in typing after which the text is looked at. */
const PAUSE_MS = 200;

/** Has the project read as if a file had a text, again after each pause in editing it. `revision`: changes with the project's other files. */
export function useDraft(
  client: Client,
  appId: string,
  path: string | undefined,
  text: string | undefined,
  revision: unknown,
): Draft {
  const [found, setFound] = useState<Draft & { path: string | undefined }>({
    path,
    checked: undefined,
    error: undefined,
  });
  useEffect(() => {
    if (path === undefined || text === undefined) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      client.call('files.checkCompose', { appId, path, text }).then(
        (draft) => current && setFound({ path, checked: { text, draft }, error: undefined }),
        (error: unknown) =>
          current &&
          setFound((before) => ({
            path,
            checked: before.path === path ? before.checked : undefined,
            error: toErrorShape(error),
          })),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, appId, path, text, revision]);
  return found.path === path ? found : { checked: undefined, error: undefined };
}
