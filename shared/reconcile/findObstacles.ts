import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { ContainerFacts, EngineFacts } from './EngineFacts.ts';
import { volumesOf } from './decideVolumes.ts';

/** What stands in the way of a plan. */
export interface Obstacles {
  /** Services of which nothing can be made or started: something external is missing. By name, with what is missing. */
  services: ReadonlyMap<string, string[]>;
  /** Name of a replica's container, as Compose gives it. */
  nameOf: (service: ServiceModel, index: number) => string;
  /** The container that has a name, unless it is `itself` (an id). */
  holderOf: (name: string, itself: string | undefined) => ContainerFacts | undefined;
  /** The container stays where it is, whatever the plan does. */
  stays: (container: ContainerFacts) => boolean;
}

export function findObstacles(app: AppModel, facts: EngineFacts, removeOrphans: boolean): Obstacles {
  const services = new Map<string, string[]>();
  const byName = new Map(app.services.map((service) => [service.name, service]));
  const holders = new Map(
    facts.containers.filter(({ state }) => state !== 'removing').map((holder) => [holder.name, holder]),
  );
  const missingNetworks = missing(app.networks, new Set(facts.networks.map(({ name }) => name)));
  const missingVolumes = missing(app.volumes, new Set(facts.volumes.map(({ name }) => name)));
  for (const service of app.services) {
    const networks = service.networkMode === undefined ? service.networks.map(({ name }) => name) : [];
    const lacking = [
      ...networks.flatMap((key) => missingNetworks.get(key) ?? []),
      ...volumesOf(service).flatMap((key) => missingVolumes.get(key) ?? []),
    ];
    if (lacking.length > 0) services.set(service.name, lacking);
  }
  const nameOf = (service: ServiceModel, index: number): string =>
    service.containerName ?? `${app.name}-${service.name}-${index}`;
  const holderOf = (name: string, itself: string | undefined): ContainerFacts | undefined => {
    const holder = holders.get(name);
    return holder?.id === itself ? undefined : holder;
  };
  const stays = (container: ContainerFacts): boolean => {
    if (!container.own) return true;
    const service = byName.get(container.service);
    if (service === undefined) return !removeOrphans;
    return (
      services.has(service.name) || holderOf(nameOf(service, container.index), container.id) !== undefined
    );
  };
  return { services, nameOf, holderOf, stays };
}

/** External ones that the engine has not: their names by key. */
function missing(
  declared: readonly { key: string; name: string; external: boolean }[],
  present: ReadonlySet<string>,
): Map<string, string> {
  return new Map(
    declared.flatMap(({ key, name, external }) =>
      external && !present.has(name) ? [[key, name] as const] : [],
    ),
  );
}
