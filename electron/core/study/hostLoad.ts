import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '#shared/domain/Engine.ts';

/** Long enough for the kernel's ticks of 10 ms to say something. */
const LOOK_MS = 300;

/**
 * Lets the host come to rest, then sees which part of its CPUs is in use while nothing of the study runs.
 *
 * @returns from 0 to 1; undefined where the engine runs on another host
 */
export async function coolDown(
  endpoint: Endpoint,
  cooldownMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  await delay(Math.max(0, cooldownMs - LOOK_MS), undefined, { signal });
  if (!/^(unix|npipe):/.test(endpoint.host)) return undefined;
  const before = ticks();
  await delay(LOOK_MS, undefined, { signal });
  const after = ticks();
  const total = after.total - before.total;
  return total <= 0 ? undefined : (after.busy - before.busy) / total;
}

function ticks(): { busy: number; total: number } {
  const sums = { busy: 0, total: 0 };
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    sums.busy += busy;
    sums.total += busy + times.idle;
  }
  return sums;
}
