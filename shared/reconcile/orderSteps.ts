import type { ServiceModel } from '../domain/ServiceModel.ts';
import type { PlanStep } from './ChangePlan.ts';
import type { ContainerFacts } from './EngineFacts.ts';
import { hangingOn, type NetworkDecision } from './decideNetworks.ts';
import { isLive, type ReplicaDecision } from './decideReplicas.ts';
import { volumesOf } from './decideVolumes.ts';
import type { Decisions } from './planChanges.ts';
import { startOrder } from './startOrder.ts';

/**
 * Puts decisions in order and says which step waits for which: orphans go first, because they may hold ports and names; what is too many,
 * and what hangs on a network that is made anew, leaves before that network does, workers before what they depend on; then come
 * networks, volumes and images, and at last the containers, each service after those it depends on. What runs on with other limits waits
 * for nothing, and nothing for it.
 */
export function orderSteps(decisions: Decisions): PlanStep[] {
  const { app, facts } = decisions;
  const waves = startOrder(app.services);
  const rank = new Map(waves.flatMap((wave, at) => wave.map(({ name }) => [name, at] as const)));
  const ordered = waves.flat();
  const steps: PlanStep[] = [];
  const orphanSteps = decisions.orphans.map((orphan) => orphanStep(orphan));
  steps.push(...orphanSteps);

  // Containers that must be gone before their network can be, by the network's id.
  const anew = decisions.networks.filter(({ action }) => action === 'recreate');
  const leavingOf = new Map<string, string>(
    orphanSteps.map((step) => [step.containerId ?? '', step.id] as const),
  );
  const mustLeave = new Set(
    anew.flatMap(({ present }) =>
      (present === undefined ? [] : hangingOn(present, facts)).map(({ id }) => id),
    ),
  );
  const dependants = dependantsOf(app.services, rank);
  const leavingSteps = new Map<string, string[]>();
  for (const service of [...ordered].reverse()) {
    const own = decisions.replicas.get(service) ?? [];
    const after = [...(dependants.get(service.name) ?? [])].flatMap((name) => leavingSteps.get(name) ?? []);
    const leaving: string[] = [];
    for (const decision of own) {
      const { container } = decision;
      if (container === undefined) continue;
      const comesBack = decision.kind !== 'remove';
      if (comesBack && !(decision.kind === 'recreate' && mustLeave.has(container.id))) continue;
      const step: PlanStep = {
        ...stepOf('remove-container', service, decision),
        // A double has the number of another.
        id: `remove-container ${service.name}-${decision.index} ${container.id}`,
        needs: comesBack ? after : [],
        ...(comesBack ? { comesBack } : {}),
      };
      leavingOf.set(container.id, step.id);
      if (comesBack) leaving.push(step.id);
      steps.push(step);
    }
    leavingSteps.set(service.name, leaving);
  }

  const stores = new Map<string, string>();
  for (const decision of decisions.networks) {
    if (decision.action !== 'create' && decision.action !== 'recreate') continue;
    const step = networkStep(decision, decisions, leavingOf);
    stores.set(`network ${decision.network.key}`, step.id);
    steps.push(step);
  }
  for (const volume of decisions.volumes) {
    if (volume.action !== 'create') continue;
    const id = `create-volume ${volume.name}`;
    stores.set(`volume ${volume.key}`, id);
    steps.push({ id, kind: 'create-volume', subject: volume.name, reason: 'it is not there yet', needs: [] });
  }
  for (const step of imageSteps(app.services, facts.images)) {
    stores.set(`image ${step.subject}`, step.id);
    steps.push(step);
  }

  // What a service's own steps are, or, when it has none, those of what it depends on: waiting reaches through what needs nothing.
  const readyBy = new Map<string, readonly string[]>();
  for (const service of ordered) {
    const before = new Set(orphanSteps.map(({ id }) => id));
    const waits = new Set<string>();
    for (const dependency of service.dependsOn)
      if (isBefore(dependency.service, service.name, rank))
        for (const id of readyBy.get(dependency.service) ?? []) waits.add(id);
    for (const id of storesOf(service, stores)) before.add(id);
    const needs = [...before, ...waits];
    const own: string[] = [];
    for (const decision of decisions.replicas.get(service) ?? []) {
      if (decision.kind === 'remove') continue;
      const leaving = decision.container === undefined ? undefined : leavingOf.get(decision.container.id);
      const isPair = decision.kind === 'recreate' && leaving !== undefined;
      if (decision.kind === 'update') {
        steps.push({ ...stepOf('update-container', service, decision), needs: [] });
        continue;
      }
      const kind = isPair ? ('create-container' as const) : (`${decision.kind}-container` as const);
      const step: PlanStep = {
        ...stepOf(kind, service, decision),
        // Starting needs no image: the container keeps its own.
        needs: isPair ? [...needs, leaving] : needs,
        ...(isPair ? { comesBack: true } : {}),
      };
      own.push(step.id);
      steps.push(step);
    }
    readyBy.set(service.name, own.length > 0 ? own : [...waits]);
  }

  for (const network of decisions.idleNetworks) {
    const hanging = new Set(hangingOn(network, facts).map(({ id }) => id));
    steps.push({
      id: `remove-network ${network.name}`,
      kind: 'remove-network',
      subject: network.name,
      networkId: network.id,
      reason: 'no service uses it',
      needs: steps.filter(({ containerId = '' }) => hanging.has(containerId)).map(({ id }) => id),
    });
  }
  return steps;
}

function orphanStep(orphan: ContainerFacts): PlanStep {
  return {
    id: `remove-orphan ${orphan.name}`,
    kind: 'remove-orphan',
    subject: orphan.name,
    containerId: orphan.id,
    reason: `the file has no service “${orphan.service}”`,
    needs: [],
  };
}

function stepOf(
  kind: PlanStep['kind'],
  service: ServiceModel,
  { index, container, reason, changes, retries, byLoad }: ReplicaDecision,
): Omit<PlanStep, 'needs'> {
  const subject = `${service.name}-${index}`;
  return {
    id: `${kind} ${subject}`,
    kind,
    subject,
    service: service.name,
    index,
    ...(container === undefined ? {} : { containerId: container.id }),
    reason,
    ...(changes === undefined ? {} : { changes }),
    ...(retries === undefined ? {} : { retries }),
    ...(byLoad === undefined ? {} : { byLoad }),
  };
}

function networkStep(
  { network, action, reason, present }: NetworkDecision,
  { facts }: Decisions,
  leavingOf: ReadonlyMap<string, string>,
): PlanStep {
  const hanging = present === undefined ? [] : hangingOn(present, facts);
  const count = hanging.filter(isLive).length;
  const consequence =
    count === 0
      ? ''
      : `; the ${count === 1 ? 'container' : `${count} containers`} on it ${count === 1 ? 'is' : 'are'} made anew with it`;
  return {
    id: `${action}-network ${network.name}`,
    kind: action === 'recreate' ? 'recreate-network' : 'create-network',
    subject: network.name,
    ...(present === undefined ? {} : { networkId: present.id }),
    reason: reason + consequence,
    needs: hanging.flatMap(({ id }) => leavingOf.get(id) ?? []),
  };
}

/** One step for each image that the engine has not. What one service builds, others may use by its name. */
function imageSteps(services: readonly ServiceModel[], present: ReadonlyMap<string, string>): PlanStep[] {
  const missing = new Map<string, ServiceModel>();
  for (const service of services) {
    if (present.has(service.image)) continue;
    const known = missing.get(service.image);
    if (known === undefined || (known.build === undefined && service.build !== undefined))
      missing.set(service.image, service);
  }
  return [...missing].map(([image, service]) => {
    const kind = service.build === undefined ? 'pull-image' : 'build-image';
    return {
      id: `${kind} ${image}`,
      kind,
      subject: image,
      service: service.name,
      reason: 'the engine does not have it',
      needs: [],
    };
  });
}

function storesOf(service: ServiceModel, stores: ReadonlyMap<string, string>): string[] {
  const networks = service.networkMode === undefined ? service.networks.map(({ name }) => name) : [];
  return [
    ...networks.map((key) => `network ${key}`),
    ...volumesOf(service).map((key) => `volume ${key}`),
    `image ${service.image}`,
  ].flatMap((key) => stores.get(key) ?? []);
}

const isBefore = (one: string, other: string, rank: ReadonlyMap<string, number>): boolean =>
  (rank.get(one) ?? Infinity) < (rank.get(other) ?? -1);

function dependantsOf(
  services: readonly ServiceModel[],
  rank: ReadonlyMap<string, number>,
): Map<string, Set<string>> {
  const dependants = new Map<string, Set<string>>();
  for (const service of services)
    for (const dependency of service.dependsOn) {
      if (!isBefore(dependency.service, service.name, rank)) continue;
      const known = dependants.get(dependency.service);
      if (known === undefined) dependants.set(dependency.service, new Set([service.name]));
      else known.add(service.name);
    }
  return dependants;
}
