import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePartialName } from './writeBeside.ts';

/** A write takes milliseconds; a process of another host or container, whose number says nothing here, has long ended it by then. */
const OLD_MS = 60_000;

/** Removes from a folder what writers left there that were killed before they could put it into its place. Never rejects. */
export async function removePartials(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const partial = parsePartialName(name);
      if (partial === undefined || (partial.pid !== undefined && isAlive(partial.pid))) return;
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() === true && Date.now() - found.mtimeMs > OLD_MS)
        await rm(path, { force: true }).catch(() => undefined);
    }),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of somebody else's lives, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
