import type { PlacementPolicy } from './PlacementPolicy.ts';

/** A service whose replicas are to be placed. */
export interface PlacementDemand {
  service: string;
  policy: PlacementPolicy;
  /** Numbers of its replicas, from 1. */
  indices: readonly number[];
  /** Their number changes while the app runs. */
  scales: boolean;
}

/** CPUs that the file gives to a service by their numbers. */
export interface TakenCpus {
  service: string;
  cpus: readonly number[];
}

/** Where one replica is to run. */
export interface ReplicaPlace {
  service: string;
  index: number;
  /** Empty: any. */
  cpus: number[];
  /** NUMA nodes of its CPUs. */
  nodes: number[];
  /** Nodes its memory is bound to; empty: any. */
  memoryNodes: number[];
  /** Ids. */
  gpus: string[];
  /** Others (`worker-1`) that have a CPU in common with it. */
  sharesCpus: string[];
  /** Others that have another thread of one of its cores. */
  sharesCores: string[];
  sharesGpus: string[];
}

export interface PlacementPlan {
  /** By service in the order of the demands, then by number. */
  places: ReplicaPlace[];
  findings: PlacementFinding[];
  /** CPUs left free. */
  reserved: number[];
}

/** What a service was found to have room for. */
export interface Room {
  demand: PlacementDemand;
  /** Sets of CPUs that have none in common. */
  sets: number;
  /** CPUs it may use at all. */
  usable: number;
}

export const placeKey = ({ service, index }: Pick<ReplicaPlace, 'service' | 'index'>): string =>
  `${service}-${index}`;

/** `error`: the replicas cannot be made. `warning`: they will be slower than they could be. `note`: worth knowing. */
export interface PlacementFinding {
  kind: 'impossible' | 'shared-cpus' | 'shared-gpus' | 'far' | 'shared-cores' | 'taken' | 'unknown';
  severity: 'error' | 'warning' | 'note';
  service?: string | undefined;
  /** A sentence. */
  text: string;
  hint?: string | undefined;
}
