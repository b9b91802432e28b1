import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '#shared/domain/Engine.ts';
import { cpuOrder } from '#shared/study/cpusets.ts';

/** CPUs as the kernel shows them (Linux, Documentation/ABI/stable/sysfs-devices-system-cpu). */
const FOLDER = '/sys/devices/system/cpu';

export interface HostCpus {
  /** By their numbers, in the order in which workers are given them. */
  order: number[];
  /** Physical cores; undefined where nobody can tell. */
  cores?: number | undefined;
  model?: string | undefined;
  /** How their frequency is chosen. */
  governor?: string | undefined;
}

/**
 * The CPUs that an engine has, as far as they can be known from here: of an engine on this machine by what the kernel says, of others by their
 * number alone.
 * @param count as the engine says
 */
export async function hostCpus(endpoint: Endpoint, count: number, folder = FOLDER): Promise<HostCpus> {
  const numbered = Array.from({ length: count }, (_, index) => index);
  if (!/^(unix|npipe):/.test(endpoint.host)) return { order: numbered };
  const siblings = await siblingsIn(folder);
  // An engine in a virtual machine of this one has another number of them.
  if (siblings.size !== count) return { order: numbered };
  const cores = new Set([...siblings.values()].map((core) => core.join(','))).size;
  const governor = await readFile(join(folder, 'cpu0', 'cpufreq', 'scaling_governor'), 'utf8').catch(
    () => '',
  );
  return {
    order: cpuOrder(siblings),
    cores,
    model: cpus()[0]?.model.trim(),
    governor: governor.trim() === '' ? undefined : governor.trim(),
  };
}

async function siblingsIn(folder: string): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  for (const name of await readdir(folder).catch(() => [])) {
    const [, number] = /^cpu(\d+)$/.exec(name) ?? [];
    if (number === undefined) continue;
    const list = await readFile(join(folder, name, 'topology', 'thread_siblings_list'), 'utf8').catch(
      () => '',
    );
    const numbers = numbersOf(list);
    // One that is switched off has no topology.
    if (numbers.length > 0) found.set(Number(number), numbers);
  }
  return found;
}

/** `0-2,5` as numbers, ascending. */
function numbersOf(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((part) => {
      const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
      if (first === undefined) return [];
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
    });
}
