import { type Browser, chromium } from '@playwright/test';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { chromiumPath } from '../lab/machine.ts';

export function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** CPU seconds (user and system) used so far by a process and all its descendants. Linux only. */
export function cpuSecondsOfTree(rootPid: number): number {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
      parents.set(Number(entry), Number(fields[1]));
      ticks.set(Number(entry), Number(fields[11]) + Number(fields[12]));
    } catch {
      // Ended while we looked.
    }
  }
  const inTree = (pid: number): boolean =>
    pid === rootPid || (parents.has(pid) && pid > 1 && inTree(parents.get(pid) ?? 0));
  let sum = 0;
  for (const [pid, used] of ticks) if (inTree(pid)) sum += used;
  return sum / 100;
}

/** Percent of a core used by a process and all its descendants over the next `windowMs`. Linux only. */
export async function cpuShareOfTree(rootPid: number, windowMs: number): Promise<number> {
  const before = cpuSecondsOfTree(rootPid);
  const began = performance.now();
  await delay(windowMs);
  return ((cpuSecondsOfTree(rootPid) - before) / ((performance.now() - began) / 1000)) * 100;
}

/** Process id of the Chromium that this process launched last. */
export function browserPid(): number {
  const children = readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const parent = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').pop()?.split(' ')[1];
      return (
        parent === String(process.pid) &&
        readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('--headless')
      );
    } catch {
      return false;
    }
  });
  const pid = Math.max(...children.map(Number));
  if (!Number.isFinite(pid)) throw new Error('No browser is a child of this process.');
  return pid;
}
