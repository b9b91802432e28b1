import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** The lowest: what the others leave, and of a contended core next to nothing. The engine keeps what is not read yet. */
const NICE = 19;

/**
 * Lowers the priority of the calling thread, and of it alone: writing down a flood can wait a moment, what somebody types and scrolls
 * cannot, and an engine whose log is read more slowly writes it no slower. Linux has priorities per thread; elsewhere nothing is done.
 */
export function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1]);
    if (thread > 0 && thread !== process.pid) setPriority(thread, NICE);
  } catch {
    // A sandbox may forbid it: then all are equal.
  }
}
