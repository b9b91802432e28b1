import type { Topology } from '#shared/placement/Topology.ts';
import { flatTopology } from '#shared/placement/Topology.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { machineTopology } from './machineTopology.ts';
import { probeTopology } from './probeTopology.ts';

/** By connection: a machine does not change while its engine stays. What only the number of CPUs is known of is looked at again. */
const known = new WeakMap<EngineClient, Promise<Topology>>();

const LOCAL = /^(unix|npipe):/;

/**
 * CPUs, NUMA nodes and GPUs of an engine's machine: read here where the engine runs on this one, by a short container without rights and
 * network where it is elsewhere, else as far as the engine's number of CPUs tells. No image is fetched for it.
 *
 * @param images references that may be used for the container, the best first; those that are not there are passed over
 * @param options `probe: false`: no container
 */
export async function topologyOf(
  client: EngineClient,
  images: readonly string[],
  { probe = true }: { probe?: boolean } = {},
): Promise<Topology> {
  const found = known.get(client) ?? machineOf(client) ?? (probe ? probeTopology(client, images) : undefined);
  if (found === undefined) return flatTopology(client.info.cpus, 'nobody has looked at its machine yet.');
  known.set(client, found);
  const forget = (): void => {
    if (known.get(client) === found) known.delete(client);
  };
  try {
    const topology = await found;
    if (topology.source.kind === 'count') forget();
    return topology;
  } catch (error) {
    forget();
    throw error;
  }
}

/** Undefined for an engine of another machine: also one in a virtual machine of this one, which has another number of CPUs. */
function machineOf({ endpoint, info }: EngineClient): Promise<Topology> | undefined {
  if (!LOCAL.test(endpoint.host) || /Docker Desktop/i.test(info.operatingSystem)) return undefined;
  const found = machineTopology();
  return found?.cpus.length === info.cpus
    ? Promise.resolve({ ...found, source: { kind: 'machine' } })
    : undefined;
}
