import { cleanPath } from './cleanPath.ts';

/** `path` as seen from the folder `base`: absolute ones stay. */
export function joinPath(base: string, path: string): string {
  return cleanPath(path.startsWith('/') ? path : `${base}/${path}`);
}
