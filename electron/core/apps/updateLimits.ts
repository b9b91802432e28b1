import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { memoryText } from '#shared/reconcile/settingText.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { limitsOf } from './containerSpec.ts';

const MIB = 1024 * 1024;

/**
 * Gives a container the limits of its service while it runs (`POST /containers/{id}/update`, Docker Engine API 1.41). Memory, CPUs and
 * sets of CPUs can be set and changed, not lifted: nothing is sent of those that the service does not limit.
 *
 * @param worker how it is called, as in `worker-3`
 * @throws FlotillaError `conflict` where it uses more memory than it is to have, or what the engine refused; it keeps the limits it had
 */
export async function updateLimits(
  client: EngineClient,
  id: string,
  service: ServiceModel,
  worker: string,
): Promise<void> {
  const { Memory = 0, NanoCpus = 0, PidsLimit = 0 } = limitsOf(service);
  if (Memory > 0) await assertFits(client, id, Memory, worker);
  await client.request({
    method: 'POST',
    path: `/containers/${id}/update`,
    body: {
      // Memory above the memory and swap of before is refused, so both change at once, in the ratio in which they are made.
      ...(Memory > 0 ? { Memory, MemorySwap: service.memorySwapBytes ?? 2 * Memory } : {}),
      ...(NanoCpus > 0 ? { NanoCpus } : {}),
      PidsLimit,
      ...(service.cpuset === undefined ? {} : { CpusetCpus: service.cpuset }),
      ...(service.cpusetMems === undefined ? {} : { CpusetMems: service.cpusetMems }),
    },
  });
}

/**
 * Control groups of the second version kill what does not fit a lower limit, where those of the first refuse it. Pages of files do not
 * count: the kernel gives them up first (memory.stat in its documentation of cgroup-v2).
 */
async function assertFits(client: EngineClient, id: string, memory: number, worker: string): Promise<void> {
  const { memory_stats: { usage = 0, stats = {} } = {} } = await client.request<{
    memory_stats?: { usage?: number; stats?: Record<string, number> };
  }>({ path: `/containers/${id}/stats`, query: { stream: false, 'one-shot': true } });
  const filesOf = (list: string): number => stats[`total_${list}`] ?? stats[list] ?? 0;
  const used = usage - filesOf('active_file') - filesOf('inactive_file');
  if (used <= memory) return;
  throw new FlotillaError(
    'conflict',
    `${worker} uses ${memoryText(Math.ceil(used / MIB) * MIB) ?? ''} of memory now, more than its new limit of ${memoryText(memory) ?? ''}; it runs on with the limits it has.`,
    { hint: 'Allow it more, or stop it first: what does not run is made anew with the new limit.' },
  );
}
