import { useCallback, useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';

export interface PlacementState {
  /** The last one that could be had. */
  view: PlacementView | undefined;
  /** Why there is no newer one. */
  error: ErrorShape | undefined;
  refresh: () => void;
}

/**
 * Where an app's replicas run, asked for again whenever `revision` changes.
 * @param workers as if there were so many of each worker service
 */
export function usePlacement(
  client: Client,
  appId: string,
  { workers, revision, enabled }: { workers: number | undefined; revision: string; enabled: boolean },
): PlacementState {
  const [view, setView] = useState<PlacementView>();
  const [error, setError] = useState<ErrorShape>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!enabled) return undefined;
    let isOver = false;
    void client.call('apps.placement', { appId, workers }).then(
      (found) => {
        if (isOver) return;
        setView(found);
        setError(undefined);
      },
      (thrown: unknown) => {
        if (!isOver) setError(toErrorShape(thrown));
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, appId, workers, revision, enabled, asked]);
  const refresh = useCallback(() => setAsked((count) => count + 1), []);
  return { view, error, refresh };
}
