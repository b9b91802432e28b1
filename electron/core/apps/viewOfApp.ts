import type {
  AppStatus,
  AppView,
  Drift,
  OperationView,
  ServiceView,
  WorkerPhase,
  WorkerView,
} from '#shared/domain/AppView.ts';
import type { AutoscaleView } from '#shared/domain/Autoscale.ts';
import type { BuildSummary } from '#shared/domain/Build.ts';
import type { DoorView } from '#shared/domain/Door.ts';
import type { ErrorShape } from '#shared/contract/errors.ts';
import type { ProjectReading } from '#shared/compose/ComposeApi.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { findDrift } from '#shared/reconcile/findDrift.ts';
import { SETTINGS_LABEL } from '#shared/reconcile/settingsOf.ts';
import type { ContainerRecord } from '../engine/EngineApi.ts';
import type { Consents } from './Consents.ts';
import type { KnownPlacement } from '../placement/Placer.ts';
import type { Overlay } from './ReplicaController.ts';

/** All that a view of an app is made of. */
export interface AppFacts {
  id: string;
  title: string;
  path: string;
  reading: ProjectReading;
  folderError: ErrorShape | undefined;
  consents: Consents;
  requested: ReadonlyMap<string, number>;
  containers: readonly ContainerRecord[];
  /** By service, then replica number. */
  overlays: ReadonlyMap<string, ReadonlyMap<number, Overlay>>;
  /** Image reference → on the engine. */
  images: ReadonlyMap<string, boolean>;
  /** Containers whose end was asked for. */
  stopped: ReadonlySet<string>;
  operations: readonly OperationView[];
  builds: readonly BuildSummary[];
  lastError: ErrorShape | undefined;
  openedAt: number;
  engineKnown: boolean;
  autoscale(service: ServiceModel): AutoscaleView | undefined;
  door(service: ServiceModel): DoorView | undefined;
  placement: KnownPlacement;
}

export function viewOfApp(facts: AppFacts): AppView {
  const { model } = facts.reading;
  const workers = workersOf(facts.containers, facts.overlays, facts.stopped);
  const services = (model?.services ?? []).map((service) => serviceView(service, facts));
  return {
    id: facts.id,
    name: model?.name ?? facts.title,
    title: facts.title,
    path: facts.path,
    origin: 'folder',
    folderError: facts.folderError,
    status:
      facts.folderError !== undefined || (model === null && workers.length === 0)
        ? isBare(facts)
          ? 'no-project'
          : 'unreadable'
        : statusOf(workers, services, facts.operations, facts.engineKnown),
    services,
    workers,
    diagnostics: facts.reading.diagnostics,
    dangers: facts.reading.dangers.map((danger) => facts.consents.viewOf(danger)),
    drift: model === null ? undefined : driftOf(model, facts),
    shortage: facts.placement.shortage(),
    requirements: model?.requirements,
    operations: [...facts.operations],
    builds: [...facts.builds],
    lastError: facts.lastError,
    openedAt: facts.openedAt,
  };
}

const driftOf = (model: AppModel, { containers, placement }: AppFacts): Drift | undefined =>
  findDrift(
    model,
    containers.map(({ name, service, index, labels, limits }) => ({
      name,
      service,
      index,
      label: labels[SETTINGS_LABEL],
      limits,
    })),
    placement.placed,
  );

const isBare = ({ folderError, reading }: AppFacts): boolean =>
  folderError === undefined && reading.diagnostics.some(({ code }) => code === 'no-project');

/** An app of which only the containers are known, e.g. one that Compose started elsewhere. */
export function viewOfEngineApp(
  id: string,
  project: string,
  containers: readonly ContainerRecord[],
  workingDir: string | undefined,
  operations: readonly OperationView[],
  lastError: ErrorShape | undefined,
  stopped: ReadonlySet<string>,
): AppView {
  const workers = workersOf(containers, new Map(), stopped);
  const services: ServiceView[] = [...new Set(containers.map((container) => container.service))]
    .sort()
    .map((name) => {
      const own = containers.filter((container) => container.service === name);
      const isWorker = own.length > 1;
      return {
        name,
        role: isWorker ? 'worker' : 'service',
        roleSource: 'guessed',
        roleReason: isWorker
          ? 'It has several replicas.'
          : 'Its project folder is not open, so nothing more is known of it.',
        image: own[0]?.image ?? '',
        buildable: false,
        imagePresent: true,
        dependsOn: [],
        declaredReplicas: own.length,
        requestedReplicas: own.length,
        scaleBlockedBy: `Open its project folder${workingDir === undefined ? '' : ` (${workingDir})`} to scale it.`,
      };
    });
  return {
    id,
    name: project,
    title: project,
    origin: 'engine',
    status: statusOf(workers, services, operations, true),
    services,
    workers,
    diagnostics: [],
    dangers: [],
    operations: [...operations],
    builds: [],
    lastError,
    openedAt: Math.min(...containers.map((container) => container.createdAt)),
  };
}

function serviceView(service: ServiceModel, facts: AppFacts): ServiceView {
  return {
    name: service.name,
    role: service.role,
    roleSource: service.roleSource,
    roleReason: service.roleReason,
    image: service.image,
    buildable: service.build !== undefined,
    imagePresent: facts.images.get(service.image),
    dependsOn: service.dependsOn.map((dependency) => dependency.service),
    declaredReplicas: service.replicas,
    requestedReplicas: facts.requested.get(service.name) ?? service.replicas,
    scaleBlockedBy: scaleBlockedBy(service),
    scaleRange: service.scaleRange,
    placement: service.placement,
    autoscale: facts.autoscale(service),
    door: facts.door(service),
    file: service.file,
    line: service.range?.line,
  };
}

/** Why a service cannot have more than one replica; null when it can. */
export function scaleBlockedBy(service: ServiceModel): string | null {
  if (service.containerName !== undefined)
    return `container_name: ${service.containerName} can be given to one container only.`;
  const fixed = service.ports.find(
    (port) => port.hostPort !== undefined && port.hostPort.first === port.hostPort.last,
  );
  if (fixed?.hostPort !== undefined)
    return `Host port ${fixed.hostPort.first} can be used by one container only.`;
  return null;
}

function workersOf(
  containers: readonly ContainerRecord[],
  overlays: AppFacts['overlays'],
  stopped: ReadonlySet<string>,
): WorkerView[] {
  const views = new Map<string, WorkerView>();
  for (const container of containers) {
    const key = `${container.service}-${container.index}`;
    views.set(
      key,
      workerView(
        key,
        container,
        overlays.get(container.service)?.get(container.index),
        stopped.has(container.id),
      ),
    );
  }
  for (const [service, own] of overlays) {
    for (const [index, overlay] of own) {
      const key = `${service}-${index}`;
      // A removal that is through, and a container that is not on the list any more: nothing to show.
      if (
        views.has(key) ||
        (overlay.settled && (overlay.phase === 'removing' || overlay.phase === 'stopping'))
      )
        continue;
      views.set(key, { key, service, index, phase: overlay.phase, ports: [], error: overlay.error });
    }
  }
  return [...views.values()].sort((a, b) =>
    a.service === b.service ? a.index - b.index : a.service < b.service ? -1 : 1,
  );
}

function workerView(
  key: string,
  container: ContainerRecord,
  overlay: Overlay | undefined,
  wasStopped: boolean,
): WorkerView {
  const own = phaseOf(container, wasStopped);
  const failedStart = container.error !== undefined && own === 'failed';
  return {
    key,
    service: container.service,
    index: container.index,
    phase: overlay === undefined ? own : overlaid(own, overlay),
    containerId: container.id,
    containerName: container.name,
    health: container.state === 'running' ? container.health : undefined,
    exitCode: container.exitCode,
    oomKilled: container.oomKilled === true ? true : undefined,
    startedAt: container.startedAt,
    finishedAt: container.finishedAt,
    limits: container.limits,
    error:
      overlay?.phase === 'failed' && own !== 'running'
        ? overlay.error
        : failedStart
          ? { code: 'engine-error', message: container.error ?? '' }
          : undefined,
    ports: container.ports.map(
      (port) =>
        `${port.hostIp.includes(':') ? `[${port.hostIp}]` : port.hostIp}:${port.hostPort}→${port.containerPort}/${port.protocol}`,
    ),
  };
}

/** What we are doing counts until the engine's news has overtaken it. */
function overlaid(own: WorkerPhase, overlay: Overlay): WorkerPhase {
  if (overlay.settled) {
    if (overlay.phase === 'removing') return 'removing';
    if (overlay.phase === 'failed') return own === 'running' || own === 'done' ? own : 'failed';
    return overlay.phase === 'starting' && own === 'created' ? 'starting' : own;
  }
  return overlay.phase;
}

/** What a container does, by the engine's word. @param wasStopped its end was asked for */
export function phaseOf(container: ContainerRecord, wasStopped: boolean): WorkerPhase {
  switch (container.state) {
    case 'created':
      return container.error === undefined ? 'created' : 'failed';
    case 'running':
    case 'paused':
    case 'restarting':
    case 'removing':
      return container.state;
    case 'dead':
      return 'failed';
    case 'exited':
      if (wasStopped && container.oomKilled !== true) return 'stopped';
      if (container.exitCode === 0) return 'done';
      // 143 is 128 + SIGTERM: somebody asked it to end, and it did.
      return container.exitCode === 143 ? 'stopped' : 'failed';
  }
}

const ALIVE = new Set<WorkerPhase>(['running', 'paused', 'restarting', 'starting', 'stopping']);

function statusOf(
  workers: readonly WorkerView[],
  services: readonly ServiceView[],
  operations: readonly OperationView[],
  engineKnown: boolean,
): AppStatus {
  if (operations.some((operation) => operation.kind === 'up')) return 'starting';
  if (operations.some((operation) => operation.kind === 'stop' || operation.kind === 'down'))
    return 'stopping';
  if (!engineKnown && workers.length === 0) return 'unknown';
  if (workers.length === 0) return 'stopped';
  if (workers.some((worker) => ALIVE.has(worker.phase))) {
    const lacking = services.some(
      (service) =>
        service.requestedReplicas > 0 &&
        !workers.some(
          (worker) => worker.service === service.name && (ALIVE.has(worker.phase) || worker.phase === 'done'),
        ),
    );
    return lacking ? 'partly' : 'running';
  }
  if (workers.some((worker) => worker.phase === 'failed')) return 'failed';
  return workers.every((worker) => worker.phase === 'done') ? 'done' : 'stopped';
}
