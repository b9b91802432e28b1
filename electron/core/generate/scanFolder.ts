import { constants } from 'node:fs';
import { open, opendir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FolderScan } from '#shared/generate/FolderScan.ts';
import { LARGEST_WANTED_TEXT, wantedTexts } from '#shared/generate/wantedTexts.ts';
import { FOLDERS_NOT_READ } from '../apps/foldersNotRead.ts';

const MOST_ENTRIES = 20_000;
const DEEPEST = 8;
/** Folders that hold no sources of the project and may be large: they are named, their content is not looked at. */
const SKIPPED = new Set([...FOLDERS_NOT_READ, '.nox', '.mypy_cache', '.julia', 'renv', 'target', '.gradle']);
/** Folders of data: only the files that stand in them directly are looked at, so that code among them is seen. */
const SHALLOW = new Set(['data', 'dataset', 'datasets', 'input', 'inputs', 'results', 'output', 'outputs']);

/**
 * Looks at a project folder: at most 20,000 entries, eight folders deep, no link followed, and only the texts that tell what it holds.
 * @param root real path of the folder
 */
export async function scanFolder(root: string, folderName: string): Promise<FolderScan> {
  const paths: string[] = [];
  const folders: string[] = [];
  let entries = 0;
  let truncated = false;
  const queue = [''];
  walk: for (const folder of queue) {
    // A folder that cannot be read is as good as empty here.
    const listing = await opendir(join(root, folder)).catch(() => undefined);
    if (listing === undefined) continue;
    for await (const entry of listing) {
      entries += 1;
      if (entries > MOST_ENTRIES) {
        truncated = true;
        break walk;
      }
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) paths.push(path);
      else if (entry.isDirectory()) {
        folders.push(path);
        const depth = path.split('/').length;
        const isShallow = path
          .split('/')
          .slice(0, -1)
          .some((part) => SHALLOW.has(part.toLowerCase()));
        if (SKIPPED.has(entry.name) || isShallow) continue;
        if (depth >= DEEPEST) truncated = true;
        else queue.push(path);
      }
    }
  }
  paths.sort();
  folders.sort();
  const texts = new Map<string, string>();
  for (const path of wantedTexts(paths)) {
    const text = await readSmallText(root, path);
    if (text !== undefined) texts.set(path, text);
  }
  return { folderName, paths, folders, truncated, texts };
}

/** Undefined for what is no small UTF-8 text inside the root, and for what has gone meanwhile. */
async function readSmallText(root: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(join(root, path));
    if (!real.startsWith(root + sep)) return undefined;
    const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > LARGEST_WANTED_TEXT) return undefined;
      const bytes = await file.readFile();
      return bytes.includes(0) ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
