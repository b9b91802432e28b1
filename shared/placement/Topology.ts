/** A CPU that the kernel schedules on: a core, or one of its threads. */
export interface TopologyCpu {
  /** Its number, as in a cpuset. */
  cpu: number;
  /** Lowest number of all CPUs of its core. */
  core: number;
  socket: number;
  /** NUMA node. */
  node: number;
}

export interface TopologyGpu {
  /** As the engine's driver knows it: `GPU-…`, else its number. */
  id: string;
  index: number;
  model?: string | undefined;
  /** NUMA node; absent where the machine does not tell. */
  node?: number | undefined;
}

/** How a topology became known. */
export type TopologySource =
  /** The engine runs on this machine. */
  | { kind: 'machine' }
  /** A container of this image looked at the engine's machine. */
  | { kind: 'probe'; image: string }
  /** Only the engine's number of CPUs is known; why, as a sentence. */
  | { kind: 'count'; reason: string };

/** CPUs and GPUs that an engine's containers may have. */
export interface Topology {
  /** By number. */
  cpus: TopologyCpu[];
  /** NUMA nodes that have memory. */
  memoryNodes: number[];
  gpus: TopologyGpu[];
  source: TopologySource;
}

/** CPUs of which nothing but the number is known: each counts as a core, all are on one node. */
export const flatTopology = (count: number, reason: string): Topology => ({
  cpus: Array.from({ length: count }, (_, cpu) => ({ cpu, core: cpu, socket: 0, node: 0 })),
  memoryNodes: [],
  gpus: [],
  source: { kind: 'count', reason },
});

const distinct = (values: readonly number[]): number => new Set(values).size;

/** How many of each there are. */
export const countsOf = ({
  cpus,
  gpus,
}: Topology): { cpus: number; cores: number; sockets: number; nodes: number; gpus: number } => ({
  cpus: cpus.length,
  cores: distinct(cpus.map(({ core }) => core)),
  sockets: distinct(cpus.map(({ socket }) => socket)),
  nodes: distinct(cpus.map(({ node }) => node)),
  gpus: gpus.length,
});
