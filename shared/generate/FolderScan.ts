/** What is known of a folder before anything is proposed: the paths of its files and the text of the few that tell. */
export interface FolderScan {
  /** The project folder's own name. */
  readonly folderName: string;
  /** Paths of files inside the folder, with `/`. */
  readonly paths: readonly string[];
  /** Paths of the folders inside, also of those whose content was not listed. */
  readonly folders: readonly string[];
  /** The folder held more than was listed. */
  readonly truncated: boolean;
  /** Texts by path; a file that was not read (too large, no text, not wanted) is absent. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The same folder seen from one of its subfolders; `.` is itself. */
export function scanBelow(scan: FolderScan, folder: string): FolderScan {
  if (folder === '.') return scan;
  const prefix = `${folder}/`;
  const inside = (path: string): boolean => path.startsWith(prefix);
  return {
    folderName: folder.split('/').at(-1) ?? scan.folderName,
    paths: scan.paths.filter(inside).map((path) => path.slice(prefix.length)),
    folders: scan.folders.filter(inside).map((path) => path.slice(prefix.length)),
    truncated: scan.truncated,
    texts: new Map(
      [...scan.texts].flatMap(([path, text]) => (inside(path) ? [[path.slice(prefix.length), text]] : [])),
    ),
  };
}

/** A path's last part. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path's last part without its ending: `src/heat.f90` → `heat`. */
export function stemOf(path: string): string {
  return fileName(path).replace(/\.[^.]+$/, '');
}

/** How many folders lie above the file. */
export function depthOf(path: string): number {
  return path.split('/').length - 1;
}
