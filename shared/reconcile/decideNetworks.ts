import type { AppModel, NetworkModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { PlanNote } from './ChangePlan.ts';
import { isLive } from './decideReplicas.ts';
import type { ContainerFacts, EngineFacts, NetworkFacts } from './EngineFacts.ts';
import { isSameRecord } from './isSameRecord.ts';
import { listWords } from './listWords.ts';
import { networkDigest } from './networkDigest.ts';

/** What is to happen to a network that services use. */
export interface NetworkDecision {
  network: NetworkModel;
  /** `missing`: it is external and somebody else has to make it. */
  action: 'keep' | 'create' | 'recreate' | 'missing';
  reason: string;
  present?: NetworkFacts | undefined;
}

/** Drivers that an engine takes when none is named. */
const USUAL_DRIVERS = new Set(['bridge', 'nat', 'default', '']);

/** Keys of the networks that services are to be on. */
export function usedNetworks(services: readonly ServiceModel[]): Set<string> {
  return new Set(
    services.flatMap((service) =>
      service.networkMode === undefined ? service.networks.map(({ name }) => name) : [],
    ),
  );
}

/**
 * Decides what happens to each network in use. One with other settings than declared is made anew, unless a container hangs on it that may
 * not be touched; a network that is not the app's own is taken as it is.
 *
 * @param stays the container, and its place on the network, stays whatever the plan does
 */
export function decideNetworks(
  app: AppModel,
  facts: EngineFacts,
  stays: (container: ContainerFacts) => boolean,
  notes: PlanNote[],
): NetworkDecision[] {
  const used = usedNetworks(app.services);
  return app.networks
    .filter(({ key }) => used.has(key))
    .map((network) => {
      const namesakes = facts.networks.filter(({ name }) => name === network.name);
      const present = namesakes.find(({ own }) => own) ?? namesakes[0];
      if (present === undefined) return absent(network, notes);
      const changes = network.external || !present.own ? [] : networkChanges(network, present);
      if (changes.length === 0) return { network, action: 'keep', reason: '', present };
      const members = membersOf(network.key, app.services);
      const inTheWay = hangingOn(present, facts).filter(
        // One that was put on it by hand runs on as it is, so it would keep the engine from removing the network.
        (container) => stays(container) || (isLive(container) && !members.has(container.service)),
      );
      const reason = `${listWords(changes)} changed`;
      if (inTheWay.length === 0) return { network, action: 'recreate', reason, present };
      notes.push({
        kind: 'kept',
        subject: network.name,
        text: `network ${network.name} stays as it is though ${reason}: ${listWords(inTheWay.map(({ name }) => name))} ${inTheWay.length === 1 ? 'is' : 'are'} on it and not to be replaced`,
        hint: inTheWay.every(({ own }) => own)
          ? 'Orphans are removed with --remove-orphans.'
          : `Take them off it: docker network disconnect ${network.name} NAME`,
      });
      return { network, action: 'keep', reason: '', present };
    });
}

/** Services that are to be on a network. */
function membersOf(key: string, services: readonly ServiceModel[]): Set<string> {
  return new Set(
    services
      .filter(
        ({ networkMode, networks }) => networkMode === undefined && networks.some(({ name }) => name === key),
      )
      .map(({ name }) => name),
  );
}

function absent(network: NetworkModel, notes: PlanNote[]): NetworkDecision {
  if (!network.external) return { network, action: 'create', reason: 'it is not there yet' };
  notes.push({
    kind: 'blocked',
    subject: network.name,
    text: `network ${network.name} does not exist, and it is external: somebody else makes it`,
    hint: `Create it: docker network create ${network.name}`,
  });
  return { network, action: 'missing', reason: '' };
}

/** Containers, whoever made them, that would lose their network with it. */
export function hangingOn(network: NetworkFacts, facts: EngineFacts): ContainerFacts[] {
  return facts.containers.filter((container) =>
    (container.networks ?? []).some(({ name, id }) =>
      id === '' ? name === network.name : id === network.id,
    ),
  );
}

function networkChanges(wanted: NetworkModel, present: NetworkFacts): string[] {
  const changes: string[] = [];
  if (wanted.driver === undefined ? !USUAL_DRIVERS.has(present.driver) : wanted.driver !== present.driver)
    changes.push(`its driver (${present.driver} → ${wanted.driver ?? 'bridge'})`);
  if (wanted.internal !== present.internal)
    changes.push(`“internal” (${yesNo(present.internal)} → ${yesNo(wanted.internal)})`);
  if (present.settings !== undefined && present.settings !== networkDigest(wanted))
    changes.push('its options or addresses');
  if (!isSameRecord(wanted.labels, present.labels)) changes.push('its labels');
  return changes;
}

const yesNo = (flag: boolean): string => (flag ? 'yes' : 'no');
