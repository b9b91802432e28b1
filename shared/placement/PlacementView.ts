import type { Role } from '../domain/Role.ts';
import type { PlacementPolicy } from './PlacementPolicy.ts';
import type { PlacementSource } from './PlacementSource.ts';
import type { PlacementPlan } from './Placement.ts';
import type { Topology } from './Topology.ts';

export interface PlacedServiceView {
  name: string;
  role: Role;
  /** Null: its replicas run anywhere. */
  placement: PlacementPolicy | null;
  /** What the places were worked out for. */
  replicas: number;
  /** Keys of the container's environment that say how many threads there are to be; empty where they are left as they are. */
  threadVariables: string[];
  /** The file that has it. */
  file: string;
  line?: number | undefined;
  /** Null: there is no compose file. */
  source: PlacementSource | null;
}

/** A machine, and where the replicas of an app are to run on it. */
export interface PlacementView {
  topology: Topology;
  plan: PlacementPlan;
  /** In the order of the file. */
  services: PlacedServiceView[];
}
