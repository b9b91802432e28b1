export interface Crumb {
  label: string;
  path: string;
}

/** The folders on the way to an absolute path, the root first; for paths of Windows too. */
export function pathCrumbs(path: string): Crumb[] {
  const drive = /^[A-Za-z]:\\/.exec(path)?.[0];
  const separator = drive === undefined ? '/' : '\\';
  const root = drive ?? '/';
  const crumbs: Crumb[] = [{ label: root, path: root }];
  let at = root;
  for (const label of path.slice(root.length).split(separator)) {
    if (label === '') continue;
    at = at.endsWith(separator) ? at + label : at + separator + label;
    crumbs.push({ label, path: at });
  }
  return crumbs;
}

/** The last name of a path. */
export function baseName(path: string): string {
  return pathCrumbs(path).at(-1)?.label ?? path;
}
