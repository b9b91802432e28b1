/** Where the replicas of a service are to run (`x-flotilla.placement`). */
export interface PlacementPolicy {
  /** CPUs of its own for each replica; 0: any it likes. */
  cpusPerWorker: number;
  /** `packed`: as few NUMA nodes as possible, one after the other; `spread`: nodes in turn. */
  policy: 'packed' | 'spread';
  /** Whether the further threads of cores are given away, too, once every core has one in use. */
  smt: 'avoid' | 'use';
  /** `local`: memory only from the NUMA nodes of its CPUs. */
  memory: 'any' | 'local';
  /** GPUs of its own for each replica. */
  gpusPerWorker: number;
  /** Whole cores, the first ones, that no replica is given. */
  leaveFree: number;
  /** `match`: what tells libraries how many threads to start is set to the number of CPUs. */
  threads: 'match' | 'keep';
}

export const PLACEMENT_DEFAULTS: PlacementPolicy = {
  cpusPerWorker: 0,
  policy: 'packed',
  smt: 'avoid',
  memory: 'any',
  gpusPerWorker: 0,
  leaveFree: 0,
  threads: 'match',
};

/** More than any machine has. */
export const MOST_CPUS = 4096;
export const MOST_GPUS = 64;

export const PLACEMENT_POLICIES = ['packed', 'spread'] as const;
export const SMT_CHOICES = ['avoid', 'use'] as const;
export const MEMORY_CHOICES = ['any', 'local'] as const;
export const THREAD_CHOICES = ['match', 'keep'] as const;
