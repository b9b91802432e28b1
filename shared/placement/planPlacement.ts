import { findPlacementProblems } from './findPlacementProblems.ts';
import { freeCpus, pickCpuSets } from './pickCpuSets.ts';
import {
  placeKey,
  type PlacementDemand,
  type PlacementPlan,
  type ReplicaPlace,
  type Room,
  type TakenCpus,
} from './Placement.ts';
import type { Topology, TopologyCpu, TopologyGpu } from './Topology.ts';

/**
 * Gives replicas CPUs and GPUs. A pure function: the same numbers always have the same places, and while there is room a replica's place
 * does not depend on how many others there are. Services that do not scale come first; of those that do, the first begins with the
 * first CPU and the second with the last, so that neither moves the other while both fit. Beyond that replicas take what a missing
 * number leaves free, then share, those first that are shared least.
 *
 * @param taken is kept free for whom the file gives it
 */
export function planPlacement(
  topology: Topology,
  demands: readonly PlacementDemand[],
  taken: readonly TakenCpus[] = [],
): PlacementPlan {
  const reserved = reservedCpus(topology.cpus, Math.max(0, ...demands.map(({ policy }) => policy.leaveFree)));
  const held = new Set([...reserved, ...taken.flatMap(({ cpus }) => cpus)]);
  const used = new Set<number>();
  const gpuUse = new Map<string, number>();
  const rooms: Room[] = [];
  const placed = new Map<PlacementDemand, ReplicaPlace[]>();
  let scaling = 0;
  for (const demand of [...demands].sort((one, other) => Number(one.scales) - Number(other.scales))) {
    const fromEnd = demand.scales && scaling % 2 === 1;
    if (demand.scales) scaling += 1;
    const { sets, usable } = setsFor(demand, topology.cpus, { held, used }, fromEnd);
    rooms.push({ demand, sets: sets.length, usable });
    const given = giveSets(demand.indices, sets);
    const places = demand.indices.map((index) => placeOf(topology, demand, index, given.get(index) ?? []));
    for (const { cpus } of places) for (const cpu of cpus) used.add(cpu);
    giveGpus(topology.gpus, demand, places, gpuUse);
    placed.set(demand, places);
  }
  const places = demands.flatMap((demand) => placed.get(demand) ?? []);
  tellShared(topology, places);
  return { places, reserved, findings: findPlacementProblems(topology, { places, rooms, taken, reserved }) };
}

/** All threads of the first cores. */
function reservedCpus(cpus: readonly TopologyCpu[], cores: number): number[] {
  const first = [...new Set(cpus.map(({ core }) => core))].sort((a, b) => a - b).slice(0, cores);
  return cpus.filter(({ core }) => first.includes(core)).map(({ cpu }) => cpu);
}

function setsFor(
  { policy, indices }: PlacementDemand,
  cpus: readonly TopologyCpu[],
  { held, used }: { held: ReadonlySet<number>; used: ReadonlySet<number> },
  fromEnd: boolean,
): { sets: number[][]; usable: number } {
  const wish = { ...policy, size: policy.cpusPerWorker, most: Math.max(0, ...indices), fromEnd };
  const outcome = (taken: ReadonlySet<number>): { sets: number[][]; usable: number } => ({
    sets: pickCpuSets(cpus, wish, taken),
    usable: freeCpus(cpus, policy.smt, taken).length,
  });
  const free = outcome(new Set([...held, ...used]));
  // Others of the app have all of it: rather shared than not at all.
  return free.sets.length > 0 ? free : outcome(held);
}

/** The set of its own number for each replica, as far as they reach. */
function giveSets(indices: readonly number[], sets: readonly number[][]): Map<number, number[]> {
  const given = new Map<number, number[]>();
  if (sets.length === 0) return given;
  const uses = sets.map(() => 0);
  const give = (index: number, at: number): void => {
    given.set(index, sets[at] ?? []);
    uses[at] = (uses[at] ?? 0) + 1;
  };
  for (const index of indices) if (index <= sets.length) give(index, index - 1);
  for (const index of indices) if (index > sets.length) give(index, uses.indexOf(Math.min(...uses)));
  return given;
}

function placeOf(
  topology: Topology,
  { service, policy }: PlacementDemand,
  index: number,
  cpus: number[],
): ReplicaPlace {
  const own = new Set(cpus);
  const nodes = [...new Set(topology.cpus.filter(({ cpu }) => own.has(cpu)).map(({ node }) => node))].sort(
    (a, b) => a - b,
  );
  return {
    service,
    index,
    cpus,
    nodes,
    memoryNodes: policy.memory === 'local' ? nodes.filter((node) => topology.memoryNodes.includes(node)) : [],
    gpus: [],
    sharesCpus: [],
    sharesCores: [],
    sharesGpus: [],
  };
}

/** The GPUs that are used least, of those the ones of the replica's own NUMA node, then in their order. */
function giveGpus(
  gpus: readonly TopologyGpu[],
  { policy }: PlacementDemand,
  places: readonly ReplicaPlace[],
  use: Map<string, number>,
): void {
  if (policy.gpusPerWorker === 0 || gpus.length < policy.gpusPerWorker) return;
  for (const place of places) {
    const far = ({ node }: TopologyGpu): number =>
      node === undefined || place.nodes.length === 0 || place.nodes.includes(node) ? 0 : 1;
    const usesOf = ({ id }: TopologyGpu): number => use.get(id) ?? 0;
    place.gpus = [...gpus]
      .sort((one, other) => usesOf(one) - usesOf(other) || far(one) - far(other) || one.index - other.index)
      .slice(0, policy.gpusPerWorker)
      .sort((one, other) => one.index - other.index)
      .map(({ id }) => id);
    for (const id of place.gpus) use.set(id, (use.get(id) ?? 0) + 1);
  }
}

function tellShared({ cpus }: Topology, places: readonly ReplicaPlace[]): void {
  const coreOf = new Map(cpus.map(({ cpu, core }) => [cpu, core]));
  const coresOf = (place: ReplicaPlace): number[] => [
    ...new Set(place.cpus.map((cpu) => coreOf.get(cpu) ?? cpu)),
  ];
  const onCpu = holders(places, ({ cpus: own }) => own);
  const onCore = holders(places, coresOf);
  const onGpu = holders(places, ({ gpus }) => gpus);
  for (const place of places) {
    const key = placeKey(place);
    const others = <Thing>(things: readonly Thing[], of: ReadonlyMap<Thing, string[]>): string[] =>
      [...new Set(things.flatMap((thing) => of.get(thing) ?? []))].filter((other) => other !== key);
    place.sharesCpus = others(place.cpus, onCpu);
    place.sharesCores = others(coresOf(place), onCore).filter((other) => !place.sharesCpus.includes(other));
    place.sharesGpus = others(place.gpus, onGpu);
  }
}

function holders<Thing>(
  places: readonly ReplicaPlace[],
  thingsOf: (place: ReplicaPlace) => readonly Thing[],
): Map<Thing, string[]> {
  const found = new Map<Thing, string[]>();
  for (const place of places)
    for (const thing of thingsOf(place)) {
      const keys = found.get(thing);
      if (keys === undefined) found.set(thing, [placeKey(place)]);
      else keys.push(placeKey(place));
    }
  return found;
}
