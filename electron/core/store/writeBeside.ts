import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file's next content beside it and makes it safe on the disk: renamed into its place it leaves the old or the
 * new, never half.
 *
 * @param owner tried, and kept silent about: only root can give files away
 * @returns the name of what was written
 * @throws what the system says; nothing is left behind then
 */
export async function writeBeside(
  path: string,
  content: string | Uint8Array,
  { mode, owner }: { mode: number; owner?: { uid: number; gid: number } | undefined },
): Promise<string> {
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  // Exclusive: neither a file nor a link that stands there already is written to.
  const handle = await open(partial, 'wx', mode);
  try {
    await handle.writeFile(content);
    // What `open` was given is lessened by the process's mask.
    await handle.chmod(mode);
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid).catch(() => undefined);
    await handle.sync();
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return partial;
}
