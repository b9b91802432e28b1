import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_NAME } from './spoolFiles.ts';

/** A folder's mark that a process writes there; one that is gone is no obstacle. */
export class SpoolLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Undefined when another process that lives holds it. */
  static take(folder: string): SpoolLock | undefined {
    const path = join(folder, LOCK_NAME);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        const fd = openSync(path, 'wx', 0o600);
        writeSync(fd, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }));
        closeSync(fd);
        return new SpoolLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
      }
      if (isHeld(path)) return undefined;
      rmSync(path, { force: true });
    }
    return undefined;
  }

  /** Whether a process that lives holds it, this one or another. */
  static isHeld(folder: string): boolean {
    return isHeld(join(folder, LOCK_NAME));
  }

  /** Whether another process that lives holds it. */
  static isHeldElsewhere(folder: string): boolean {
    const path = join(folder, LOCK_NAME);
    return isHeld(path) && pidIn(path) !== process.pid;
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

function isHeld(path: string): boolean {
  let pid: unknown;
  let startedAt: unknown;
  try {
    ({ pid, startedAt } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>);
  } catch {
    return false;
  }
  if (typeof pid !== 'number') return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // Numbers of processes are used again: one that began at another time is another.
  const began = startOf(pid);
  return began === undefined || startedAt === undefined || began === startedAt;
}

function pidIn(path: string): unknown {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown }).pid;
  } catch {
    return undefined;
  }
}

/** When a process began, in the kernel's ticks; undefined where that is not to be had. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ')[19];
  } catch {
    return undefined;
  }
}
