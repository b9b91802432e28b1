import { create } from 'zustand';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { AppView } from '#shared/domain/AppView.ts';

export interface AppsStore {
  /** Undefined until the first snapshot. A view is the same object until it changes. */
  apps: ReadonlyMap<string, AppView> | undefined;
}

export const useApps = create<AppsStore>(() => ({ apps: undefined }));

/** Applies what the stream told, in one change of the store. */
export function applyAppItems(items: readonly StreamItem<'apps'>[]): void {
  useApps.setState(({ apps }) => {
    const next = new Map(apps);
    for (const item of items) {
      if (item.kind === 'snapshot') {
        next.clear();
        for (const app of item.apps) next.set(app.id, keepIfSame(apps?.get(app.id), app));
      } else if (item.kind === 'app') next.set(item.app.id, item.app);
      else next.delete(item.appId);
    }
    return { apps: next };
  });
}

/** After a reconnect all apps are told anew, most of them as they were: their rows need not be drawn again. */
function keepIfSame(known: AppView | undefined, told: AppView): AppView {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(told) ? known : told;
}

/** Apps in the order of the sidebar: opened folders newest first, then what was found on the engine by name. */
export function orderApps(apps: Iterable<AppView>): AppView[] {
  return [...apps].sort((a, b) => {
    if (a.origin !== b.origin) return a.origin === 'folder' ? -1 : 1;
    return a.origin === 'folder' ? b.openedAt - a.openedAt : a.title.localeCompare(b.title);
  });
}
