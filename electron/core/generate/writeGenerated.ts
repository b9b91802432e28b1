import { writeBeside } from '#core/store/writeBeside.ts';
import { lstat, mkdir, readFile, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';

export interface FileToWrite {
  /** Inside the project, with `/`. */
  path: string;
  text: string;
  /** What was shown as standing there; undefined: nothing. */
  present?: string | undefined;
}

interface Staged {
  path: string;
  target: string;
  partial: string;
  /** What stood there; undefined: nothing. */
  before: Buffer | undefined;
}

/**
 * Writes files into a project, all or none: all are checked against what was shown, all are put beside their places, then all are
 * renamed into them; what fails midway is taken back.
 *
 * @param root real path of the project
 * @throws FlotillaError `conflict` when something else stands there than was shown, `invalid-input` for a path that leads out of the
 * project or comes twice, `permission-denied` where it may not be written
 */
export async function writeGenerated(root: string, files: readonly FileToWrite[]): Promise<void> {
  const paths = files.map(({ path }) => checkedPath(path));
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined)
    throw new FlotillaError('invalid-input', `${twice} is to be written twice; nothing was written.`, {
      hint: 'Name each file once.',
    });
  const madeFolders: string[] = [];
  const staged: Staged[] = [];
  const placed: Staged[] = [];
  try {
    for (const [at, file] of files.entries()) {
      const path = paths[at] ?? file.path;
      const target = join(root, path);
      const before = await readPresent(root, path, file.present);
      await makeFolders(root, path, madeFolders);
      const mode = before === undefined ? 0o644 : (await lstat(target)).mode & 0o777;
      staged.push({ path, target, partial: await writeBeside(target, file.text, { mode }), before });
    }
    for (const [at, entry] of staged.entries()) {
      // Asked again: between the first look and now all the others were written to disk.
      await readPresent(root, entry.path, files[at]?.present);
      await rename(entry.partial, entry.target);
      placed.push(entry);
    }
  } catch (error) {
    await takeBack(staged, placed, madeFolders);
    if (error instanceof FlotillaError) throw error;
    throw new FlotillaError('permission-denied', `Nothing was written: ${(error as Error).message}.`, {
      hint: 'Check that you may write in the project folder and that the disk is not full.',
      cause: error,
    });
  }
}

function checkedPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (
    path.startsWith('/') ||
    path.includes('\0') ||
    path.includes('\\') ||
    parts.includes('..') ||
    parts.length === 0 ||
    path.endsWith('/')
  )
    throw new FlotillaError('invalid-input', `${path} is no file inside the project; nothing was written.`, {
      hint: 'Name files inside the project folder, with /.',
    });
  return parts.join('/');
}

/** The bytes that stand there. @throws FlotillaError `conflict` when they are not what was shown */
async function readPresent(
  root: string,
  path: string,
  shown: string | undefined,
): Promise<Buffer | undefined> {
  await assertInside(root, path);
  const kind = await lstat(join(root, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  const conflict = (what: string): FlotillaError =>
    new FlotillaError('conflict', `${path} ${what}; nothing was written.`, {
      hint: 'Look at the files again: what stands there now is shown beside what would be written.',
      detail: { file: path },
    });
  if (kind === undefined) {
    if (shown !== undefined) throw conflict('was removed meanwhile');
    return undefined;
  }
  if (!kind.isFile())
    throw new FlotillaError(
      'conflict',
      `${path} is ${kind.isDirectory() ? 'a folder' : 'a link or no plain file'}; nothing was written.`,
      { hint: 'Rename or remove it, then generate again.', detail: { file: path } },
    );
  const bytes = await readFile(join(root, path));
  if (shown === undefined) throw conflict('was made meanwhile');
  if (bytes.toString('utf8').replace(/^\uFEFF/, '') !== shown.replace(/^\uFEFF/, ''))
    throw conflict('was changed meanwhile');
  return bytes;
}

/** A folder on the way may be a link that leads out of the project. */
async function assertInside(root: string, path: string): Promise<void> {
  let folder = dirname(join(root, path));
  while (folder !== root) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) {
      if (real !== folder || !real.startsWith(root + sep))
        throw new FlotillaError('invalid-input', `${path} lies behind a link; nothing was written.`, {
          hint: 'Generated files go into folders of the project itself.',
        });
      return;
    }
    folder = dirname(folder);
  }
}

async function makeFolders(root: string, path: string, made: string[]): Promise<void> {
  let folder = root;
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part);
    try {
      await mkdir(folder);
      made.push(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** As it was before, as far as the disk lets. */
async function takeBack(
  staged: readonly Staged[],
  placed: readonly Staged[],
  madeFolders: readonly string[],
): Promise<void> {
  for (const entry of placed) await restore(entry).catch(() => undefined);
  for (const { partial } of staged) await rm(partial, { force: true }).catch(() => undefined);
  for (const folder of madeFolders.toReversed()) await rmdir(folder).catch(() => undefined);
}

async function restore({ target, before }: Staged): Promise<void> {
  if (before === undefined) return rm(target, { force: true });
  await rename(await writeBeside(target, before, { mode: (await lstat(target)).mode & 0o777 }), target);
}
