import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { countsOf, type Topology } from '#shared/placement/Topology.ts';

const GOVERNOR = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';

/** What a study's record says of the CPUs it was measured on, as far as it is known. */
export interface HostCpus {
  /** Physical cores. */
  cores?: number | undefined;
  model?: string | undefined;
  /** How their frequency is chosen. */
  governor?: string | undefined;
}

/** @param governorFile for tests */
export async function hostCpus(topology: Topology, governorFile = GOVERNOR): Promise<HostCpus> {
  const { kind } = topology.source;
  if (kind === 'count') return {};
  const { cores } = countsOf(topology);
  if (kind !== 'machine') return { cores };
  const governor = (await readFile(governorFile, 'utf8').catch(() => '')).trim();
  return { cores, model: cpus()[0]?.model.trim(), governor: governor === '' ? undefined : governor };
}
