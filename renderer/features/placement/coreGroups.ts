import { placeKey, type ReplicaPlace } from '#shared/placement/Placement.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';

export interface ShownCpu {
  cpu: number;
  /** Replicas that run on it: `worker-1`. */
  replicas: string[];
  /** No replica is given it, because a service leaves it free. */
  isReserved: boolean;
}

export interface ShownGpu {
  index: number;
  model: string | undefined;
  /** Replicas that are given it. */
  replicas: string[];
}

export interface ShownNode {
  /** Undefined: none of its CPUs is known. */
  socket: number | undefined;
  /** Undefined: the machine does not tell which node its GPUs are at. */
  node: number | undefined;
  /** By core: its threads. */
  cores: { core: number; cpus: ShownCpu[] }[];
  gpus: ShownGpu[];
}

/** The machine as it is drawn: nodes by socket, cores in them, threads in those, and GPUs, with what runs on each. */
export function coreGroups({ topology, plan }: PlacementView): ShownNode[] {
  const holders = holdersOf(plan, ({ cpus }) => cpus);
  const reserved = new Set(plan.reserved);
  const nodes = new Map<string, ShownNode>();
  for (const { cpu, core, socket, node } of topology.cpus) {
    const key = `${socket} ${node}`;
    const group = nodes.get(key) ?? { socket, node, cores: [], gpus: [] };
    nodes.set(key, group);
    const shown = { cpu, replicas: holders.get(cpu) ?? [], isReserved: reserved.has(cpu) };
    const own = group.cores.find((candidate) => candidate.core === core);
    if (own === undefined) group.cores.push({ core, cpus: [shown] });
    else own.cpus.push(shown);
  }
  const sorted = [...nodes.values()].sort(
    (one, other) => (one.socket ?? 0) - (other.socket ?? 0) || (one.node ?? 0) - (other.node ?? 0),
  );
  return withGpus(
    sorted,
    topology.gpus,
    holdersOf(plan, ({ gpus }) => gpus),
  );
}

/** Each GPU at its node. Those of no known node stand apart, unless there is one node only. */
function withGpus(
  nodes: ShownNode[],
  gpus: PlacementView['topology']['gpus'],
  holders: ReadonlyMap<string, string[]>,
): ShownNode[] {
  const groups = [...nodes];
  const [only, another] = nodes;
  for (const { id, index, model, node } of gpus) {
    const at = node ?? (another === undefined ? only?.node : undefined);
    let group = groups.find((candidate) => candidate.node === at);
    if (group === undefined) {
      group = { socket: undefined, node: at, cores: [], gpus: [] };
      groups.push(group);
    }
    group.gpus.push({ index, model, replicas: holders.get(id) ?? [] });
  }
  return groups;
}

function holdersOf<Thing>(
  plan: PlacementView['plan'],
  of: (place: ReplicaPlace) => readonly Thing[],
): Map<Thing, string[]> {
  const holders = new Map<Thing, string[]>();
  for (const place of plan.places)
    for (const thing of of(place)) holders.set(thing, [...(holders.get(thing) ?? []), placeKey(place)]);
  return holders;
}

/** What stands on a CPU, for those who hear it: `CPU 3: worker-1 and worker-4, shared`. */
export function cpuWords({ cpu, replicas, isReserved }: ShownCpu): string {
  return `CPU ${cpu}: ${isReserved && replicas.length === 0 ? 'left free' : holderWords(replicas)}`;
}

/** `GPU 0 (A100): worker-1` */
export function gpuWords({ index, model, replicas }: ShownGpu): string {
  return `GPU ${index}${model === undefined ? '' : ` (${model})`}: ${holderWords(replicas)}`;
}

function holderWords(replicas: readonly string[]): string {
  if (replicas.length === 0) return 'none';
  return `${replicas.join(' and ')}${replicas.length > 1 ? `, shared by ${replicas.length}` : ''}`;
}
