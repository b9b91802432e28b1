import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';

interface ComposeFiles {
  /** Undefined while they are looked for. */
  paths: readonly string[] | undefined;
  error: ErrorShape | undefined;
}

const USUAL = 'compose.yaml';

/** The compose files of a project, the one that has its services first; the usual name where there is none yet. */
export function useComposeFiles(client: Client, app: AppView): ComposeFiles {
  const [found, setFound] = useState<ComposeFiles>({ paths: undefined, error: undefined });
  const main = app.services.find(({ file }) => file !== undefined)?.file;
  useEffect(() => {
    let current = true;
    client.call('files.list', { appId: app.id }).then(
      (entries) => {
        if (!current) return;
        const paths = entries.filter(({ kind }) => kind === 'compose').map(({ path }) => path);
        const first = main !== undefined && paths.includes(main) ? main : (paths[0] ?? USUAL);
        setFound({ paths: [first, ...paths.filter((path) => path !== first)], error: undefined });
      },
      (error: unknown) => current && setFound({ paths: undefined, error: toErrorShape(error) }),
    );
    return () => {
      current = false;
    };
  }, [client, app.id, main]);
  return found;
}
