import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { StudiesState } from '#shared/domain/Study.ts';
import { followStream } from '../../stores/followStream.ts';

/** The studies of an app, kept up to date; undefined until the first news. */
export function useStudies(client: Client, appId: string): StudiesState | undefined {
  const [state, setState] = useState<StudiesState>();
  useEffect(
    () => followStream(client, 'studies', { appId }, (states) => setState(states.at(-1))),
    [client, appId],
  );
  return state;
}
