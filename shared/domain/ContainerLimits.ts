/** What a container may use at most, as its engine has it now. Of numbers 0 is no limit. */
export interface ContainerLimits {
  memoryBytes: number;
  /** Cores. */
  cpus: number;
  pidsLimit: number;
  /** CPUs it may run on, as `0-3`; absent: all. */
  cpuset?: string | undefined;
  /** NUMA nodes its memory comes from; absent: all. */
  cpusetMems?: string | undefined;
}
