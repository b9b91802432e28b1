import type { ServiceModel } from '../domain/ServiceModel.ts';
import type { ReplicaDecision } from './decideReplicas.ts';
import { startOrder } from './startOrder.ts';

/** Services of whose first container a service's containers share a namespace (`network_mode`, `pid` and `ipc` with `service:`). */
export const namespaceOwners = ({ networkMode, pid, ipc }: ServiceModel): string[] =>
  [networkMode, pid, ipc].flatMap((mode) => /^service:(.+)$/.exec(mode ?? '')?.[1] ?? []);

/** Those that share nothing in the order given, then the others, each after those it shares with. */
export function ownersFirst(services: readonly ServiceModel[]): ServiceModel[] {
  const [alone, sharing] = [true, false].map((isAlone) =>
    services.filter((service) => (namespaceOwners(service).length === 0) === isAlone),
  );
  return [...(alone ?? []), ...startOrder(sharing ?? []).flat()];
}

/** A namespace ends with its owner: who shares it must be made anew with that. @returns why, as a step says it */
export function lostNamespace(
  service: ServiceModel,
  decided: ReadonlyMap<ServiceModel, readonly ReplicaDecision[]>,
): string | undefined {
  const owners = namespaceOwners(service);
  for (const [{ name }, decisions] of decided)
    if (owners.includes(name) && decisions.some(({ index, kind }) => index === 1 && kind !== 'update'))
      return `${name}-1, of which it shares a namespace, starts anew`;
  return undefined;
}
