import { useCallback, useState } from 'react';

/** The panel each app's page was left at, so that one who comes back finds it there. */
const leftAt = new Map<string, string>();

/** The panel that is open on an app's page; `usual` for one that was not looked at before. */
export function useAppTab<TabId extends string>(appId: string, usual: TabId): [TabId, (tab: TabId) => void] {
  const [tab, setTab] = useState<TabId>(() => (leftAt.get(appId) as TabId | undefined) ?? usual);
  const change = useCallback(
    (next: TabId) => {
      leftAt.set(appId, next);
      setTab(next);
    },
    [appId],
  );
  return [tab, change];
}
