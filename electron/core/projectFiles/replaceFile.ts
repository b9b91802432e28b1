import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
  const partial = join(folder, `.${basename(real)}.${randomBytes(6).toString('hex')}.tmp`);
  const present = await stat(real).catch(() => undefined);
  const mode = present === undefined ? 0o644 : present.mode & 0o777;
  // Exclusive: neither a file nor a link that stands there already is written to.
  const handle = await open(partial, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
    throw cannotBeOpened(path, error);
  });
  try {
    try {
      await handle.writeFile(bytes);
      await handle.chmod(mode);
      // Only root can give files away; for everybody else it stays their own.
      if (present !== undefined) await handle.chown(present.uid, present.gid).catch(() => undefined);
      await handle.sync();
    } catch (error) {
      throw cannotBeOpened(path, error as NodeJS.ErrnoException);
    } finally {
      await handle.close();
    }
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
