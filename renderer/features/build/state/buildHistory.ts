import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { BuildHistoryEntry, BuildSummary } from '#shared/domain/Build.ts';

export interface AppHistory {
  /** Newest first; undefined until it was read once. */
  entries: readonly BuildHistoryEntry[] | undefined;
  error: ErrorShape | undefined;
}

const RETRY_MS = 2_000;
const UNREAD: AppHistory = { entries: undefined, error: undefined };
const useHistories = create<{ apps: ReadonlyMap<string, AppHistory> }>(() => ({ apps: new Map() }));
/** Number of the latest reading of an app: an answer that was overtaken is not shown. */
const latest = new Map<string, number>();

async function read(client: Client, appId: string): Promise<boolean> {
  const number = (latest.get(appId) ?? 0) + 1;
  latest.set(appId, number);
  const put = (history: (before: AppHistory) => AppHistory) => {
    if (latest.get(appId) !== number) return;
    useHistories.setState(({ apps }) => ({
      apps: new Map(apps).set(appId, history(apps.get(appId) ?? UNREAD)),
    }));
  };
  try {
    const entries = await client.call('builds.history', { appId });
    put(() => ({ entries, error: undefined }));
    return true;
  } catch (error) {
    put(({ entries }) => ({ entries, error: toErrorShape(error) }));
    return false;
  }
}

/** Builds of an app that have ended, read again whenever one ends; a failed reading is tried again. */
export function useBuildHistory(
  client: Client,
  appId: string,
  builds: readonly BuildSummary[],
): AppHistory & { retry: () => void } {
  const history = useHistories((state) => state.apps.get(appId) ?? UNREAD);
  const ended = builds
    .filter((build) => build.endedAt !== undefined)
    .map((build) => build.id)
    .join('\n');
  useEffect(() => {
    let timer: number | undefined;
    let stopped = false;
    const load = async () => {
      const ok = await read(client, appId);
      if (!ok && !stopped) timer = window.setTimeout(() => void load(), RETRY_MS);
    };
    void load();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [client, appId, ended]);
  return useMemo(() => ({ ...history, retry: () => void read(client, appId) }), [history, client, appId]);
}
