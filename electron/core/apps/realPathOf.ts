import { realpathSync } from 'node:fs';

const realPaths = new Map<string, string>();

/** Asked for each container of each view, and folders hardly move: remembered. */
export function realPathOf(path: string): string {
  let real = realPaths.get(path);
  if (real === undefined) {
    try {
      real = realpathSync(path);
    } catch {
      real = path;
    }
    if (realPaths.size > 1000) realPaths.clear();
    realPaths.set(path, real);
  }
  return real;
}
