import { sep } from 'node:path';

/** The system's path of a path inside the context. */
export function onDisk(root: string, path: string): string {
  if (path === '') return root;
  return `${root.endsWith(sep) ? root.slice(0, -1) : root}${sep}${sep === '/' ? path : path.replaceAll('/', sep)}`;
}
