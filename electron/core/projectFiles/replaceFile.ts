import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeBeside } from '#core/store/writeBeside.ts';
import { cannotBeOpened } from './projectPath.ts';

/**
 * Puts new bytes in a file's place, all or none: they are written beside it, made safe on the disk and then renamed. Access rights and
 * owner are kept where the system allows it.
 *
 * @param real where the file is, links followed
 * @param check asked last, right before the renaming; what it throws leaves the file as it was
 * @throws FlotillaError when it may not be written, or the disk is full
 */
export async function replaceFile(
  real: string,
  path: string,
  bytes: Buffer,
  check: () => Promise<void>,
): Promise<void> {
  const folder = dirname(real);
  const present = await stat(real).catch(() => undefined);
  const mode = present === undefined ? 0o644 : present.mode & 0o777;
  const partial = await writeBeside(real, bytes, { mode, owner: present }).catch(
    (error: NodeJS.ErrnoException) => {
      throw cannotBeOpened(path, error);
    },
  );
  try {
    await check();
    // The folder itself may have become a link meanwhile.
    if ((await realpath(folder)) !== folder)
      throw cannotBeOpened(path, Object.assign(new Error('The folder was replaced.'), { code: 'ELOOP' }));
    await rename(partial, real).catch((error: NodeJS.ErrnoException) => {
      throw cannotBeOpened(path, error);
    });
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Without it a power failure could bring the old name back; not every file system can do it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
