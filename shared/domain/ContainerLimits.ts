/** What a container may use at most, as its engine has it now. 0 is no limit. */
export interface ContainerLimits {
  memoryBytes: number;
  /** Cores. */
  cpus: number;
  pidsLimit: number;
}
