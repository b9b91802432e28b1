import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** All or nothing: a copy that breaks off leaves no half sample behind. */
export async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}.tmp`;
  await mkdir(join(to, '..'), { recursive: true });
  try {
    await cp(from, partial, { recursive: true });
    await rename(partial, to);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
