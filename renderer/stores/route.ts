import { create } from 'zustand';

export type Route =
  | { page: 'welcome' }
  | { page: 'app'; appId: string }
  | { page: 'images' }
  | { page: 'engines' };

/** A hash such as `#/app/4fe1` as a route; what is not known leads home. */
export function parseRoute(hash: string): Route {
  if (hash === '#/engines') return { page: 'engines' };
  if (hash === '#/images') return { page: 'images' };
  const id = /^#\/app\/([^/]+)$/.exec(hash)?.[1];
  if (id === undefined) return { page: 'welcome' };
  try {
    return { page: 'app', appId: decodeURIComponent(id) };
  } catch {
    return { page: 'welcome' };
  }
}

export function appHash(appId: string): string {
  return `#/app/${encodeURIComponent(appId)}`;
}

export const useRoute = create<{ route: Route }>(() => ({
  route: parseRoute(globalThis.location?.hash ?? ''),
}));

export function goTo(hash: string): void {
  globalThis.location.hash = hash;
}

/** Follows the address bar; returns the way to stop. */
export function followHash(): () => void {
  const onChange = (): void => useRoute.setState({ route: parseRoute(globalThis.location.hash) });
  globalThis.addEventListener('hashchange', onChange);
  return () => globalThis.removeEventListener('hashchange', onChange);
}
