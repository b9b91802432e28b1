import { placeKey } from '#shared/placement/Placement.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';

export interface ShownCpu {
  cpu: number;
  /** Replicas that run on it: `worker-1`. */
  replicas: string[];
  /** No replica is given it, because a service leaves it free. */
  isReserved: boolean;
}

export interface ShownNode {
  socket: number;
  node: number;
  /** By core: its threads. */
  cores: { core: number; cpus: ShownCpu[] }[];
}

/** The machine as it is drawn: nodes by socket, cores in them, threads in those, with what runs on each. */
export function coreGroups({ topology, plan }: PlacementView): ShownNode[] {
  const holders = new Map<number, string[]>();
  for (const place of plan.places)
    for (const cpu of place.cpus) holders.set(cpu, [...(holders.get(cpu) ?? []), placeKey(place)]);
  const reserved = new Set(plan.reserved);
  const nodes = new Map<string, ShownNode>();
  for (const { cpu, core, socket, node } of topology.cpus) {
    const key = `${socket} ${node}`;
    const group = nodes.get(key) ?? { socket, node, cores: [] };
    nodes.set(key, group);
    const shown = { cpu, replicas: holders.get(cpu) ?? [], isReserved: reserved.has(cpu) };
    const own = group.cores.find((candidate) => candidate.core === core);
    if (own === undefined) group.cores.push({ core, cpus: [shown] });
    else own.cpus.push(shown);
  }
  return [...nodes.values()].sort((one, other) => one.socket - other.socket || one.node - other.node);
}

/** What stands on a CPU, for those who hear it: `CPU 3: worker-1 and worker-4, shared`. */
export function cpuWords({ cpu, replicas, isReserved }: ShownCpu): string {
  if (replicas.length === 0) return `CPU ${cpu}: ${isReserved ? 'left free' : 'none'}`;
  return `CPU ${cpu}: ${replicas.join(' and ')}${replicas.length > 1 ? `, shared by ${replicas.length}` : ''}`;
}
