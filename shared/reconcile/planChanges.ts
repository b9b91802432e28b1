import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { changedSettings, type WantedSettings } from './changedSettings.ts';
import type { ChangePlan, PlanNote } from './ChangePlan.ts';
import { decideNetworks, type NetworkDecision } from './decideNetworks.ts';
import {
  type Cause,
  decideReplicas,
  isLive,
  type ReplicaDecision,
  type SettingsCause,
} from './decideReplicas.ts';
import { decideVolumes, type VolumeDecision } from './decideVolumes.ts';
import type { ContainerFacts, EngineFacts, NetworkFacts } from './EngineFacts.ts';
import { findObstacles, type Obstacles } from './findObstacles.ts';
import { listWords } from './listWords.ts';
import { noteEnded } from './noteEnded.ts';
import { noteOrphans } from './noteOrphans.ts';
import { orderSteps } from './orderSteps.ts';
import { isSetOut } from './setOut.ts';
import { settingsOf } from './settingsOf.ts';
import { lostNamespace, ownersFirst } from './sharedNamespaces.ts';

/** What an app's files declare, and what was asked for since. */
export interface DesiredState {
  app: AppModel;
  /** Numbers asked for by service; the file's own number for those that are absent. */
  replicas: ReadonlyMap<string, number>;
  /** Config hashes by service, as Flotilla labels containers; needed for those of an earlier Flotilla only. */
  configHashes?: ReadonlyMap<string, string> | undefined;
  /** Absolute path of the project's folder, for binds of containers that Compose made. */
  projectPath?: string | undefined;
  /** A service as this replica of it is to be made: with CPUs of its own, where the file asks for them. Absent: all are the same. */
  placed?: ((service: ServiceModel, index: number) => ServiceModel) | undefined;
}

export interface PlanOptions {
  /** Also remove what the file has no word of any more: containers of services that are gone, networks that nobody uses. Never volumes. */
  removeOrphans?: boolean | undefined;
  /** Also start what failed though its restart policy is “no”: somebody asks for it. */
  retryFailed?: boolean | undefined;
  /** Ids of containers whose end was asked for, so that code 0 does not mean that they are done. */
  stopped?: ReadonlySet<string> | undefined;
  /** What a start that was broken off had set out to start, by id: when each had last been started then, in epoch milliseconds. */
  setOut?: ReadonlyMap<string, number> | undefined;
}

/** All that was decided, by what it is about, before it is put in order. */
export interface Decisions {
  app: AppModel;
  facts: EngineFacts;
  networks: NetworkDecision[];
  volumes: VolumeDecision[];
  /** By service, in the order of the file. */
  replicas: Map<ServiceModel, ReplicaDecision[]>;
  orphans: ContainerFacts[];
  /** Networks of the project that no service uses, and that are to go. */
  idleNetworks: NetworkFacts[];
}

/**
 * Works out what brings an engine to what an app declares, and why each step is needed. Only what changed is made anew; what others made is
 * never touched, and what runs as declared is left alone. A pure function: it asks nothing and does nothing, and the same answers of the
 * engine give the same plan. A plan that was carried out, or was broken off anywhere, is followed by another one that is empty or
 * has the rest.
 */
export function planChanges(
  desired: DesiredState,
  facts: EngineFacts,
  options: PlanOptions = {},
): ChangePlan {
  const { app } = desired;
  const removeOrphans = options.removeOrphans ?? false;
  const notes: PlanNote[] = [];
  const obstacles = findObstacles(app, facts, removeOrphans);
  const networks = decideNetworks(app, facts, obstacles.stays, notes);
  const volumes = decideVolumes(app, facts, notes);
  for (const [name, lacking] of obstacles.services)
    notes.push({
      kind: 'blocked',
      subject: name,
      service: name,
      text: `${name} waits: ${listWords(lacking)} ${lacking.length === 1 ? 'does' : 'do'} not exist`,
    });
  const own = groupByService(facts);
  const isAppLive = app.services.some(({ name }) => (own.get(name) ?? []).some(isLive));
  const networkOf = new Map(networks.map((decision) => [decision.network.key, decision]));
  const awaited = new Map(
    app.services.flatMap(({ name, dependsOn }) =>
      dependsOn
        .filter(({ condition, required }) => required && condition !== 'service_started')
        .map((dependency) => [dependency.service, name] as const),
    ),
  );
  const decided = new Map<ServiceModel, ReplicaDecision[]>();
  for (const service of ownersFirst(app.services)) {
    const same: WantedSettings = {
      settings: settingsOf(app, service),
      configHash: desired.configHashes?.get(service.name),
      projectPath: desired.projectPath,
    };
    const changeOf = (container: ContainerFacts): SettingsCause | undefined => {
      const placed = desired.placed?.(service, container.index) ?? service;
      const wanted = placed === service ? same : { ...same, settings: settingsOf(app, placed) };
      return changedSettings(app, placed, container, wanted);
    };
    const { decisions, ended } = decideReplicas({
      service,
      replicas: desired.replicas.get(service.name) ?? service.replicas,
      containers: own.get(service.name) ?? [],
      isAppLive,
      retryFailed: options.retryFailed ?? false,
      awaitedBy: awaited.get(service.name),
      wasStopped: ({ id }) => options.stopped?.has(id) ?? false,
      isSetOut: (container) => isSetOut(container, options.setOut),
      changeOf: (container) => withImage(changeOf(container), newerImage(service, container, facts)),
      brokenBy: (container) =>
        brokenNetwork(service, container, networkOf) ??
        lostDoor(service, container) ??
        lostNamespace(service, decided),
    });
    decided.set(service, withoutHindered(service, decisions, obstacles, notes));
    noteEnded(service, ended, notes);
  }
  const replicas = new Map(app.services.map((service) => [service, decided.get(service) ?? []] as const));
  const leaving = new Set(
    [...replicas.values()].flatMap((decisions) =>
      decisions.flatMap(({ kind, container }) => (STAYING.has(kind) ? [] : (container?.id ?? []))),
    ),
  );
  const { orphans, idleNetworks } = noteOrphans(
    app,
    facts,
    removeOrphans,
    ({ id }) => leaving.has(id),
    notes,
  );
  const steps = orderSteps({ app, facts, networks, volumes, replicas, orphans, idleNetworks });
  const spoken = new Set([
    ...steps.flatMap(({ service }) => service ?? []),
    ...notes.flatMap(({ kind, service }) =>
      service !== undefined && (kind === 'blocked' || kind === 'later') ? [service] : [],
    ),
  ]);
  const unchanged = app.services.map(({ name }) => name).filter((name) => !spoken.has(name));
  return { project: app.name, steps, notes, unchanged };
}

/** Decisions that leave the container itself in its place. */
const STAYING: ReadonlySet<ReplicaDecision['kind']> = new Set(['start', 'update']);

function groupByService(facts: EngineFacts): Map<string, ContainerFacts[]> {
  const groups = new Map<string, ContainerFacts[]>();
  for (const container of facts.containers) {
    if (!container.own) continue;
    const group = groups.get(container.service);
    if (group === undefined) groups.set(container.service, [container]);
    else group.push(container);
  }
  return groups;
}

/** An image that the engine has not is got first; whether it is another one shows only then, and a second plan has what follows. */
function newerImage(
  service: ServiceModel,
  { imageId }: ContainerFacts,
  facts: EngineFacts,
): Cause | undefined {
  const present = facts.images.get(service.image);
  return present === undefined || imageId === '' || present === imageId
    ? undefined
    : { reason: `the image ${service.image} is a newer one` };
}

/** What runs on with other limits would stay of the earlier image. */
const withImage = (
  changed: SettingsCause | undefined,
  newer: Cause | undefined,
): SettingsCause | undefined =>
  changed?.appliesLive === true && newer !== undefined
    ? { ...changed, appliesLive: false, reason: `${changed.reason}; ${newer.reason}` }
    : (changed ?? newer);

function brokenNetwork(
  service: ServiceModel,
  container: ContainerFacts,
  networkOf: ReadonlyMap<string, NetworkDecision>,
): string | undefined {
  if (service.networkMode !== undefined || container.networks === undefined) return undefined;
  for (const { name: key } of service.networks) {
    const decision = networkOf.get(key);
    if (decision === undefined || decision.action === 'missing') continue;
    const { name } = decision.network;
    const place = container.networks.find((candidate) => candidate.name === name);
    if (decision.action === 'recreate') return `its network ${name} is made anew`;
    if (place === undefined) return `it is not on the network ${name}`;
    if (place.id === '') continue;
    if (decision.present === undefined) return `its network ${name} was removed`;
    if (place.id !== decision.present.id) return `its network ${name} was removed and made anew`;
  }
  return undefined;
}

/** A container is told the token of its control door when it is made, and that is good for one life. */
function lostDoor({ control }: ServiceModel, container: ContainerFacts): string | undefined {
  return control === true && !isLive(container) ? 'its control door ended with it' : undefined;
}

/** Takes out what cannot be done: it would end half way, with the old container gone and no new one. */
function withoutHindered(
  service: ServiceModel,
  decisions: readonly ReplicaDecision[],
  obstacles: Obstacles,
  notes: PlanNote[],
): ReplicaDecision[] {
  return decisions.filter((decision) => {
    if (decision.kind === 'remove') return true;
    if (obstacles.services.has(service.name)) return false;
    if (STAYING.has(decision.kind)) return true;
    const name = obstacles.nameOf(service, decision.index);
    const holder = obstacles.holderOf(name, decision.container?.id);
    if (holder === undefined) return true;
    const subject = `${service.name}-${decision.index}`;
    notes.push(
      obstacles.stays(holder)
        ? {
            kind: 'blocked',
            subject,
            service: service.name,
            text: `${subject} cannot be made: the name “${name}” belongs to a container ${holder.own ? `of “${holder.service}”, which the file does not have any more` : 'that is not the app’s'}`,
            hint: holder.own
              ? 'Orphans are removed with --remove-orphans.'
              : `Rename or remove it: docker rename ${name} NEW-NAME`,
            asks: holder.own ? 'removeOrphans' : undefined,
          }
        : {
            kind: 'later',
            subject,
            service: service.name,
            text: `${subject} follows in a second plan: the name “${name}” is free only after this one`,
          },
    );
    return false;
  });
}
