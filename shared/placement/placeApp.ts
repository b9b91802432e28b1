import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { parseCpuList } from './cpuList.ts';
import { placedService } from './placedService.ts';
import { placeKey, type PlacementPlan } from './Placement.ts';
import { planPlacement } from './planPlacement.ts';
import type { Topology } from './Topology.ts';

/** Where the replicas of an app are to run. */
export interface AppPlacement {
  plan: PlacementPlan;
  /** A service as this replica of it is made; the service itself where its replicas are not placed. */
  placed: (service: ServiceModel, index: number) => ServiceModel;
}

export const UNPLACED = (service: ServiceModel): ServiceModel => service;

export const hasPlacement = ({ services }: Pick<AppModel, 'services'>): boolean =>
  services.some(({ placement }) => placement !== undefined);

/** @param indices numbers of the replicas that a service has or is to get, ascending */
export function placeApp(
  { services }: Pick<AppModel, 'services'>,
  topology: Topology,
  indices: (service: ServiceModel) => readonly number[],
): AppPlacement {
  const plan = planPlacement(
    topology,
    services.flatMap((service) =>
      service.placement === undefined
        ? []
        : [
            {
              service: service.name,
              policy: service.placement,
              indices: indices(service),
              scales: service.role === 'worker',
            },
          ],
    ),
    services.flatMap((service) =>
      service.placement !== undefined || service.cpuset === undefined || indices(service).length === 0
        ? []
        : [{ service: service.name, cpus: parseCpuList(service.cpuset) }],
    ),
  );
  const placeOf = new Map(plan.places.map((place) => [placeKey(place), place]));
  return {
    plan,
    placed(service, index) {
      const place = placeOf.get(placeKey({ service: service.name, index }));
      return service.placement === undefined || place === undefined ? service : placedService(service, place);
    },
  };
}

/** Numbers of the replicas there are, and the lowest free ones of those that are wanted besides: what a plan gives them, too. */
export function replicaIndices(present: Iterable<number>, wanted: number): number[] {
  const indices = new Set(present);
  for (let index = 1; indices.size < wanted; index += 1) indices.add(index);
  return [...indices].sort((a, b) => a - b);
}
