import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { CallOutput, FolderEntry } from '#shared/contract/calls.ts';
import { FlotillaError } from '#shared/contract/errors.ts';

const MOST_ENTRIES = 2_000;
const PROJECT_FILES = new Set([
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
  'Dockerfile',
]);
const LOOKED_INTO = 300;

/** The sub-folders of a folder, for a picker. File names are not told. */
export async function listFolder(path: string, showHidden: boolean): Promise<CallOutput<'folders.list'>> {
  if (path.includes('\0') || !isAbsolute(path))
    throw new FlotillaError('invalid-input', `${path.replaceAll('\0', '␀')} is no absolute path.`, {
      hint: 'Begin at the root, as in /home/me/project.',
    });
  let real: string;
  let names: { name: string; isFolder: boolean }[];
  try {
    real = await realpath(resolve(path));
    const entries = await readdir(real, { withFileTypes: true });
    names = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(real, entry.name)))),
      })),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new FlotillaError('not-found', `${path} does not exist.`, { hint: 'Check the path.' });
    if (code === 'ENOTDIR')
      throw new FlotillaError('invalid-input', `${path} is a file, not a folder.`, {
        hint: 'Choose the folder that holds it.',
      });
    if (code === 'EACCES' || code === 'EPERM')
      throw new FlotillaError('permission-denied', `${path} may not be read by you.`);
    throw new FlotillaError('invalid-input', `${path} cannot be listed (${code ?? String(error)}).`);
  }
  const folders = names
    .filter((entry) => entry.isFolder && (showHidden || !entry.name.startsWith('.')))
    .sort((a, b) => a.name.localeCompare(b.name));
  const shown = folders.slice(0, MOST_ENTRIES);
  const entries = await Promise.all(
    shown.map(
      async ({ name }, at): Promise<FolderEntry> => ({
        name,
        path: join(real, name),
        isProject: at < LOOKED_INTO && (await isProject(join(real, name))),
      }),
    ),
  );
  const parent = dirname(real);
  return {
    path: real,
    parent: parent === real ? null : parent,
    entries,
    isProject: names.some((entry) => PROJECT_FILES.has(entry.name)),
    truncated: folders.length > shown.length,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function isProject(path: string): Promise<boolean> {
  return readdir(path).then(
    (names) => names.some((name) => PROJECT_FILES.has(name)),
    () => false,
  );
}
