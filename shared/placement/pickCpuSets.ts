import type { PlacementPolicy } from './PlacementPolicy.ts';
import type { TopologyCpu } from './Topology.ts';

interface Wish extends Pick<PlacementPolicy, 'policy' | 'smt'> {
  /** CPUs in a set. */
  size: number;
  /** How many sets are asked for. */
  most: number;
  /** Begin with the last node and CPU, to stay out of the way of who begins with the first. */
  fromEnd?: boolean | undefined;
}

interface FreeCpu extends TopologyCpu {
  /** 0 for the first thread of its core that may be used, 1 for the second one, … */
  rank: number;
}

interface FreeNode {
  node: number;
  socket: number;
  cpus: FreeCpu[];
  picks: number;
}

/**
 * Sets of CPUs that have none in common, one after the other; fewer than asked for when there are no more. The n-th set does not depend on how
 * many are asked for. A set stays within a NUMA node while any has room; whole cores come first, further threads of cores only with
 * `smt: use` and when no node has cores enough. Packed fills a node before the next one; spread takes sockets and nodes in turn.
 *
 * @param cpus all that the machine has
 * @param taken those of them that others have
 */
export function pickCpuSets(
  cpus: readonly TopologyCpu[],
  { size, most, policy, smt, fromEnd = false }: Wish,
  taken: ReadonlySet<number> = new Set(),
): number[][] {
  if (size < 1) return [];
  const ranked = freeCpus(cpus, smt, taken);
  const highest = Math.max(0, ...ranked.map(({ rank }) => rank));
  const nodes = nodesOf(ranked, fromEnd);
  const sets: number[][] = [];
  while (sets.length < most) {
    const set = pickWithin(nodes, size, highest, policy) ?? pickAcross(nodes, size);
    if (set === undefined) break;
    for (const node of nodes) node.cpus = node.cpus.filter(({ cpu }) => !set.includes(cpu));
    sets.push(set.sort((a, b) => a - b));
  }
  return sets;
}

/** The CPUs that may be given away: with `smt: avoid` one of each core of which nobody has any. */
export function freeCpus(
  cpus: readonly TopologyCpu[],
  smt: PlacementPolicy['smt'],
  taken: ReadonlySet<number>,
): FreeCpu[] {
  const inUse = new Set(cpus.filter(({ cpu }) => taken.has(cpu)).map(({ core }) => core));
  return withRanks(cpus).filter(({ cpu, core, rank }) =>
    smt === 'use' ? !taken.has(cpu) : rank === 0 && !inUse.has(core),
  );
}

/** A thread of which the sibling may not be used has its core for itself. */
function withRanks(cpus: readonly TopologyCpu[]): FreeCpu[] {
  const seen = new Map<number, number>();
  return [...cpus]
    .sort((one, other) => one.cpu - other.cpu)
    .map((cpu) => {
      const rank = seen.get(cpu.core) ?? 0;
      seen.set(cpu.core, rank + 1);
      return { ...cpu, rank };
    });
}

function nodesOf(cpus: readonly FreeCpu[], fromEnd: boolean): FreeNode[] {
  const turn = fromEnd ? -1 : 1;
  const byNode = new Map<number, FreeNode>();
  for (const cpu of cpus) {
    const node = byNode.get(cpu.node);
    if (node === undefined)
      byNode.set(cpu.node, { node: cpu.node, socket: cpu.socket, cpus: [cpu], picks: 0 });
    else node.cpus.push(cpu);
  }
  for (const node of byNode.values())
    node.cpus.sort(
      (one, other) => one.rank - other.rank || turn * (one.core - other.core || one.cpu - other.cpu),
    );
  return [...byNode.values()].sort(
    (one, other) => turn * (one.socket - other.socket || one.node - other.node),
  );
}

/** From the node whose turn it is, with as few further threads as there must be. */
function pickWithin(
  nodes: readonly FreeNode[],
  size: number,
  highest: number,
  policy: PlacementPolicy['policy'],
): number[] | undefined {
  const ofSocket = (wanted: number): number =>
    nodes.reduce((sum, { socket, picks }) => sum + (socket === wanted ? picks : 0), 0);
  for (let rank = 0; rank <= highest; rank += 1) {
    const fitting = nodes.filter(({ cpus }) => cpus.filter((cpu) => cpu.rank <= rank).length >= size);
    if (policy === 'spread')
      fitting.sort((one, other) => ofSocket(one.socket) - ofSocket(other.socket) || one.picks - other.picks);
    const [chosen] = fitting;
    if (chosen === undefined) continue;
    chosen.picks += 1;
    return chosen.cpus.slice(0, size).map(({ cpu }) => cpu);
  }
  return undefined;
}

/** From several nodes, where no single one has room. */
function pickAcross(nodes: readonly FreeNode[], size: number): number[] | undefined {
  const free = nodes.flatMap(({ cpus }) => cpus).sort((one, other) => one.rank - other.rank);
  if (free.length < size) return undefined;
  const set = free.slice(0, size);
  for (const node of nodes) if (set.some((cpu) => cpu.node === node.node)) node.picks += 1;
  return set.map(({ cpu }) => cpu);
}
