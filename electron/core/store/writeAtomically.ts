import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeBeside } from './writeBeside.ts';

/** Writes a file (readable by its owner only) so that a crash at any moment leaves the old or the new, never half. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = await writeBeside(path, content, { mode: 0o600 });
  try {
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
