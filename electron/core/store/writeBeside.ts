import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names the process that writes it, so that nobody takes it for left behind while that lives: see removePartials. */
const partialName = (name: string): string => `.${name}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;

/** The process, where it is named, of a file that {@link writeBeside} has made; undefined for the names of other files. */
export function parsePartialName(name: string): { pid: number | undefined } | undefined {
  const [whole, pid] = /^\..+\.(?:(\d+)-)?[0-9a-f]{12}\.tmp$/.exec(name) ?? [];
  return whole === undefined ? undefined : { pid: pid === undefined ? undefined : Number(pid) };
}

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
  const partial = join(dirname(path), partialName(basename(path)));
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
