import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { ChangedCode } from '#shared/domain/Build.ts';

const NONE: readonly ChangedCode[] = [];

/**
 * Services whose image is older than their code, as it was when the page was opened, when a person came back to the window (as from an editor), when a
 * build ended and when something was done with the app.
 */
export function useChangedCode(client: Client, app: AppView, canBuild: boolean): readonly ChangedCode[] {
  const [found, setFound] = useState({ appId: app.id, changed: NONE });
  const lastBuild = Math.max(0, ...app.builds.map(({ endedAt = 0 }) => endedAt));
  const isBusy = app.operations.length > 0;
  useEffect(() => {
    if (!canBuild || isBusy) return undefined;
    let asking: AbortController | undefined;
    const tell = (changed: readonly ChangedCode[]): void => setFound({ appId: app.id, changed });
    const ask = (): void => {
      asking?.abort();
      const stop = new AbortController();
      asking = stop;
      client
        .call('builds.changedCode', { appId: app.id }, { signal: stop.signal })
        .then((changed) => {
          if (!stop.signal.aborted) tell(changed);
        })
        .catch(() => {
          // What is wrong with the files or the engine is told elsewhere.
          if (!stop.signal.aborted) tell(NONE);
        });
    };
    ask();
    window.addEventListener('focus', ask);
    return () => {
      window.removeEventListener('focus', ask);
      asking?.abort();
      // What was so before it was built, or on another engine, says nothing.
      tell(NONE);
    };
  }, [client, app.id, canBuild, isBusy, lastBuild]);
  return canBuild && found.appId === app.id ? found.changed : NONE;
}
