import type { FolderScan } from './FolderScan.ts';
import { wantedTexts } from './wantedTexts.ts';

/** For tests only: a scan of a folder given by its files' texts; a path that ends with `/` is a folder without listed content. */
export function testScan(files: Readonly<Record<string, string>>, folderName = 'project'): FolderScan {
  const paths = Object.keys(files).filter((path) => !path.endsWith('/'));
  const folders = new Set<string>();
  for (const path of Object.keys(files)) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, at) => folders.add(parts.slice(0, at + 1).join('/')));
  }
  return {
    folderName,
    paths,
    folders: [...folders],
    truncated: false,
    texts: new Map(wantedTexts(paths).map((path) => [path, files[path] ?? ''])),
  };
}
