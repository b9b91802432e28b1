export type Drop =
  | { kind: 'path'; path: string }
  /** A browser gives the folder's name only. */
  | { kind: 'name'; name: string }
  | { kind: 'refused'; message: string; hint: string };

const FOLDER_HINT = 'Drop one folder: the one that holds the compose file or the Dockerfile.';

/**
 * What was dropped on the window.
 * @param pathOf the path of a dropped item, on the desktop; undefined in a browser, which gives none
 */
export function readDrop(data: DataTransfer | null, pathOf: ((file: File) => string) | undefined): Drop {
  const files = [...(data?.items ?? [])].filter((item) => item.kind === 'file');
  const refuse = (message: string): Drop => ({ kind: 'refused', message, hint: FOLDER_HINT });
  const [first, second] = files;
  if (first === undefined) {
    const types = [...(data?.types ?? [])];
    if (types.includes('text/uri-list')) return refuse('That is a link, not a folder.');
    return refuse(types.length > 0 ? 'That is a text, not a folder.' : 'Nothing was dropped.');
  }
  if (second !== undefined) return refuse(`Those are ${files.length} items; one folder is opened at a time.`);
  const entry = first.webkitGetAsEntry?.() ?? null;
  if (entry?.isFile === true) return refuse(`${entry.name} is a file, not a folder.`);
  const file = first.getAsFile();
  if (pathOf === undefined) {
    const name = entry?.name ?? file?.name ?? '';
    return name === '' ? refuse('What was dropped has no name.') : { kind: 'name', name };
  }
  const path = file === null ? '' : pathOf(file);
  return path === '' ? refuse('What was dropped is no folder of this computer.') : { kind: 'path', path };
}
