import { create } from 'zustand';

export type Route =
  | { page: 'welcome' }
  /** `edit`: its files are edited. */
  | { page: 'app'; appId: string; edit: boolean }
  | { page: 'images' }
  | { page: 'engines' };

/** A hash such as `#/app/4fe1` as a route; what is not known leads home. */
export function parseRoute(hash: string): Route {
  if (hash === '#/engines') return { page: 'engines' };
  if (hash === '#/images') return { page: 'images' };
  const [, id, view] = /^#\/app\/([^/]+)(\/edit)?$/.exec(hash) ?? [];
  if (id === undefined) return { page: 'welcome' };
  try {
    return { page: 'app', appId: decodeURIComponent(id), edit: view !== undefined };
  } catch {
    return { page: 'welcome' };
  }
}

export function appHash(appId: string): string {
  return `#/app/${encodeURIComponent(appId)}`;
}

export function editHash(appId: string): string {
  return `${appHash(appId)}/edit`;
}

export const useRoute = create<{ route: Route }>(() => ({
  route: parseRoute(globalThis.location?.hash ?? ''),
}));

export function goTo(hash: string): void {
  globalThis.location.hash = hash;
}

/** Asked before another page is shown: false keeps this one. */
type LeaveGuard = (hash: string) => boolean;

let guard: LeaveGuard | undefined;

/** Sets who is asked before this page is left; returns the way to stop. */
export function guardLeaving(ask: LeaveGuard): () => void {
  guard = ask;
  return () => {
    if (guard === ask) guard = undefined;
  };
}

/** Follows the address bar; returns the way to stop. */
export function followHash(): () => void {
  let shown = globalThis.location.hash;
  const onChange = (): void => {
    const { hash } = globalThis.location;
    if (hash === shown) return;
    if (guard?.(hash) === false) {
      globalThis.history.replaceState(null, '', shown === '' ? globalThis.location.pathname : shown);
      return;
    }
    shown = hash;
    useRoute.setState({ route: parseRoute(hash) });
  };
  globalThis.addEventListener('hashchange', onChange);
  return () => globalThis.removeEventListener('hashchange', onChange);
}
