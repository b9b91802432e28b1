import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { StudiesState } from '#shared/domain/Study.ts';

/** Wait before a stream that broke is opened again. */
const REOPEN_MS = 1_000;

/** The studies of an app, kept up to date; undefined until the first news. */
export function useStudies(client: Client, appId: string): StudiesState | undefined {
  const [state, setState] = useState<StudiesState>();
  useEffect(() => {
    let stream: { close(): void } | undefined;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    const open = (): void => {
      stream = client.stream(
        'studies',
        { appId },
        {
          onBatch: (states) => setState(states.at(-1)),
          onEnd: () => {
            if (!isStopped) reopening = setTimeout(open, REOPEN_MS);
          },
        },
      );
    };
    open();
    return () => {
      isStopped = true;
      clearTimeout(reopening);
      stream?.close();
    };
  }, [client, appId]);
  return state;
}
