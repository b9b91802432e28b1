import { useCallback, useState } from 'react';

/** The panel each app's page was left at, so that one who comes back finds it there. */
const leftAt = new Map<string, string>();

/** As long as the window, reloaded or not. */
const STORAGE_PREFIX = 'flotilla.tab.';

/**
 * The panel that is open on an app's page; `usual` for one that was not looked at before in this window. `panels` are those there are: what
 * was kept of an earlier page may name another.
 */
export function useAppTab<TabId extends string>(
  appId: string,
  usual: TabId,
  panels: readonly TabId[],
): [TabId, (tab: TabId) => void] {
  const [tab, setTab] = useState<TabId>(() => {
    const left = leftAt.get(appId) ?? readLeft(appId);
    return panels.find((panel) => panel === left) ?? usual;
  });
  const change = useCallback(
    (next: TabId) => {
      leftAt.set(appId, next);
      try {
        sessionStorage.setItem(`${STORAGE_PREFIX}${appId}`, next);
      } catch {
        // Storage can be switched off: the panel is then kept until the page is loaded again.
      }
      setTab(next);
    },
    [appId],
  );
  return [tab, change];
}

function readLeft(appId: string): string | undefined {
  try {
    return sessionStorage.getItem(`${STORAGE_PREFIX}${appId}`) ?? undefined;
  } catch {
    return undefined;
  }
}
