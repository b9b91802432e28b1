import { type ErrorShape, FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { WorkerPhase } from '#shared/domain/AppView.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { containerSpec } from './containerSpec.ts';
import { createReplica, discardContainer, joinNetworks, startContainer } from './createReplica.ts';
import { explainStartFailure, explainUpdateFailure } from './explainStartFailure.ts';
import { isHopeless } from './isHopeless.ts';
import { copyFiles } from './copyFiles.ts';
import { limitsOf } from './engineLimits.ts';
import type { PresentReplica } from './listReplicas.ts';
import { moreOf, type Refresh } from './plannedRefresh.ts';
import { type ReplicaTask, replicaTasks } from './replicaTasks.ts';
import { runLifecycle } from './runLifecycle.ts';
import { stopAndRemove } from './stopContainer.ts';
import { updateLimits } from './updateLimits.ts';
import { workerEnvironment } from './workerEnvironment.ts';

/** After so many failures of a pass the rest is not tried: what fails three times is no accident. */
const FAILURES_ENDURED = 3;

/** What the controller does with one replica now, laid over what the engine says of it. */
export interface Overlay {
  phase: WorkerPhase;
  /** Our part is done; shown until the engine's own news has overtaken it. */
  settled: boolean;
  error?: ErrorShape | undefined;
}

export interface ReplicaTarget {
  replicas: number;
  refresh: Refresh;
  /**
   * Only makes what is missing, and neither starts nor removes anything: what it waits for is not there yet. Undefined: as the request
   * under way, if there is one.
   */
  hold?: boolean | undefined;
  /** See Limiter; undefined: as the request under way, or 0. */
  urgency?: number | undefined;
}

export interface ReplicaHost {
  client(): EngineClient;
  app(): AppModel;
  service(): ServiceModel | undefined;
  /** How many replicas of a service of the app are wanted. */
  requested(service: ServiceModel): number;
  /** Rejects when the service reaches for what nobody consented to; asked before each container that is made or started. */
  mayStart(service: ServiceModel): Promise<void>;
  projectPath: string;
  /** Whether a container with these labels is of the app's folder. */
  owns(labels: Readonly<Record<string, string>>): boolean;
  /** Called when an overlay changed. */
  changed(): void;
  /** The container's end is our own doing. */
  stopping(containerId: string): void;
  /** What is done in a container that runs before its stop signal: see AppSession. @throws FlotillaError */
  beforeStop(
    containerId: string,
    worker: string,
    service: ServiceModel,
    tell: (step: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** What is to be kept of a container that has ended is kept before it is removed. */
  leaving(containerId: string, tell: (step: string) => void): Promise<void>;
  /** Opens the control door of a main that is about to be made, and answers what to tell it. @throws FlotillaError `unsupported` */
  openDoor(main: ServiceModel): Promise<Record<string, string>>;
  /** A service as this replica of it is to be made. @throws FlotillaError `invalid-input` where there is no room for any */
  placed(service: ServiceModel, index: number): Promise<ServiceModel>;
}

/**
 * Brings one service to its number of replicas. There is one target at any time: a new request replaces it, what has begun is
 * finished, what has not is dropped, and a new pass works out what is left to do. So requests are merged and none is lost.
 */
export class ReplicaController {
  readonly overlays = new Map<number, Overlay>();
  readonly #host: ReplicaHost;
  readonly #serviceName: string;
  #target: ReplicaTarget | undefined;
  #generation = 0;
  /** Containers made by a request that holds, which none has started yet, with their numbers. */
  readonly #held = new Map<string, number>();
  #loop: Promise<void> | undefined;
  /** Breaks off the draining, and the commands of services, that are under way. */
  #interruption = new AbortController();
  #progress = { done: 0, total: 0, step: '' };

  constructor(host: ReplicaHost, serviceName: string) {
    this.#host = host;
    this.#serviceName = serviceName;
  }

  get progress(): { done: number; total: number; step: string } {
    return this.#progress;
  }

  get busy(): boolean {
    return this.#loop !== undefined;
  }

  /** Resolves once no request is left; rejects with the first failure of the last pass. */
  request(target: ReplicaTarget): Promise<void> {
    this.#generation += 1;
    this.#target = {
      replicas: target.replicas,
      refresh: moreOf(target.refresh, this.busy ? (this.#target?.refresh ?? false) : false),
      hold: target.hold ?? (this.busy && this.#target?.hold),
      urgency: target.urgency ?? (this.busy ? this.#target?.urgency : undefined),
    };
    for (const [index, overlay] of this.overlays)
      if (overlay.phase === 'failed' || overlay.phase === 'requested') this.overlays.delete(index);
    this.#loop ??= this.#run().finally(() => (this.#loop = undefined));
    return this.#loop;
  }

  /** Drops what has not begun. Resolves when what has is finished. */
  async cancel(): Promise<void> {
    this.#generation += 1;
    this.#target = undefined;
    this.#interruption.abort();
    this.#interruption = new AbortController();
    for (const [index, overlay] of this.overlays)
      if (overlay.phase === 'requested') this.overlays.delete(index);
    this.#host.changed();
    await this.#loop?.catch(() => undefined);
  }

  /** Removes what was made by requests that hold and is not going to be started. */
  async discardHeld(): Promise<void> {
    await this.#loop?.catch(() => undefined);
    const held = [...this.#held];
    this.#held.clear();
    for (const [, index] of held) this.overlays.delete(index);
    await Promise.all(held.map(([id]) => discardContainer(this.#host.client(), id)));
    if (held.length > 0) this.#host.changed();
  }

  /** Drops what the engine's news have overtaken. */
  prune(stateOf: (index: number) => string | undefined): void {
    for (const [index, overlay] of this.overlays) {
      if (!overlay.settled || overlay.phase === 'failed') continue;
      const state = stateOf(index);
      const isRemoval = overlay.phase === 'removing' || overlay.phase === 'stopping';
      if (isRemoval ? state === undefined : state !== undefined && state !== 'created')
        this.overlays.delete(index);
    }
  }

  forgetFailures(): void {
    for (const [index, overlay] of this.overlays) if (overlay.phase === 'failed') this.overlays.delete(index);
  }

  async #run(): Promise<void> {
    for (;;) {
      const generation = this.#generation;
      if (this.#target === undefined)
        throw new FlotillaError('cancelled', `Scaling ${this.#serviceName} was cancelled.`);
      const failures = await this.#pass(this.#target, generation).catch((error: unknown) => [error]);
      if (generation !== this.#generation) continue;
      for (const [index, overlay] of this.overlays)
        if (overlay.phase === 'requested') this.overlays.delete(index);
      this.#host.changed();
      if (failures.length > 0) throw failures[0];
      return;
    }
  }

  async #pass(target: ReplicaTarget, generation: number): Promise<unknown[]> {
    const service = this.#host.service();
    if (service === undefined)
      throw new FlotillaError(
        'not-found',
        `The service ${this.#serviceName} is not in the project any more.`,
      );
    const client = this.#host.client();
    const wanted = await replicaTasks(
      client,
      this.#host.app().name,
      service,
      (labels) => this.#host.owns(labels),
      target,
    );
    const tasks = target.hold === true ? wanted.filter(({ kind }) => kind === 'create') : wanted;
    // Cancelled or asked for something else meanwhile: what is not going to be made is not shown either.
    if (generation !== this.#generation) return [];
    const failures: unknown[] = [];
    let hopeless = false;
    this.#progress = { done: 0, total: tasks.length, step: '' };
    for (const task of tasks) if (task.kind === 'create') this.#show(task.index, 'requested');
    const isCurrent = (): boolean => generation === this.#generation;
    const { creations, removals } = limitsOf(client);
    const attempt = async (task: ReplicaTask, work: () => Promise<string | undefined>) => {
      const started = await work().catch((error: unknown) => {
        failures.push(error);
        // A lost engine or a setting it refuses will not get better with the next replica. What runs on as it was is in nobody’s way.
        hopeless ||= task.kind !== 'update' && (isHopeless(error) || failures.length >= FAILURES_ENDURED);
        return undefined;
      });
      if (started !== undefined) return started;
      this.#progress.done += 1;
      this.#host.changed();
      return undefined;
    };
    await Promise.all(
      tasks.map(async (task) => {
        const started = await (task.kind === 'remove' ? removals : creations).run(
          async () =>
            isCurrent() && !hopeless ? attempt(task, () => this.#perform(service, task, target)) : undefined,
          target.urgency,
        );
        // Not in its turn: it may wait for others to start.
        if (started !== undefined) await attempt(task, () => this.#started(service, indexOf(task), started));
      }),
    );
    return failures;
  }

  /** @returns the id of a container whose post_start is to be run yet */
  async #perform(
    service: ServiceModel,
    task: ReplicaTask,
    { hold }: ReplicaTarget,
  ): Promise<string | undefined> {
    const index = indexOf(task);
    if (task.kind !== 'update') return this.#telling(service, index, () => this.#bring(service, task, hold));
    await this.#update(service, task.container, `${service.name}-${index}`);
    return undefined;
  }

  /** @returns as `#perform` */
  async #bring(
    service: ServiceModel,
    task: Exclude<ReplicaTask, { kind: 'update' }>,
    hold = false,
  ): Promise<string | undefined> {
    const index = indexOf(task);
    let id: string | undefined;
    if (task.kind !== 'remove') await this.#host.mayStart(service);
    switch (task.kind) {
      case 'remove':
        await this.#remove(service, task.container);
        break;
      case 'start':
        this.#step(`Starting ${service.name}-${index}`);
        this.#show(index, 'starting');
        // Who made it may have been ended before it was on all its networks.
        if (task.container.state === 'created') {
          const spec = containerSpec(this.#host.app(), service, index, this.#host.projectPath);
          await joinNetworks(this.#host.client(), task.container.id, spec.furtherNetworks);
          await copyFiles(this.#host.client(), task.container.id, spec.files);
        }
        ({ id } = task.container);
        await this.#start(id);
        break;
      case 'replace':
        await this.#remove(service, task.container);
        id = await this.#create(service, index);
        break;
      case 'create':
        id = await this.#create(service, index, hold);
    }
    if (task.kind === 'create' && hold) {
      this.overlays.delete(index);
      return undefined;
    }
    if (id !== undefined && service.postStart !== undefined) return id;
    this.#settle(index);
    return undefined;
  }

  /** What fails is laid over what the engine says of the worker. */
  async #telling<Result>(service: ServiceModel, index: number, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const failure = explainStartFailure(error, `${service.name}-${index}`);
      this.overlays.set(index, { phase: 'failed', settled: true, error: toErrorShape(failure) });
      // When the engine is gone its own account of the worker is what counts.
      if (failure.code === 'engine-unavailable' || failure.code === 'cancelled') this.overlays.delete(index);
      this.#host.changed();
      throw failure;
    }
  }

  async #create(service: ServiceModel, index: number, hold = false): Promise<string> {
    const app = this.#host.app();
    const told = workerEnvironment(app, service, index, (other) =>
      other.name === service.name && this.#target !== undefined
        ? this.#target.replicas
        : this.#host.requested(other),
    );
    if (service.control === true) Object.assign(told, await this.#host.openDoor(service));
    const placed = await this.#host.placed(service, index);
    const spec = containerSpec(app, placed, index, this.#host.projectPath, told);
    this.#step(`${hold ? 'Creating' : 'Starting'} ${service.name}-${index}`);
    this.#show(index, 'creating');
    return createReplica(this.#host.client(), spec, async (made) => {
      if (hold) {
        this.#held.set(made, index);
        return;
      }
      this.#show(index, 'starting');
      await startContainer(this.#host.client(), made);
    });
  }

  async #start(id: string): Promise<void> {
    const wasHeld = this.#held.delete(id);
    try {
      await startContainer(this.#host.client(), id);
    } catch (error) {
      // It never ran, and was made to run now: as for one that is started as soon as it is made.
      if (wasHeld) await discardContainer(this.#host.client(), id);
      throw error;
    }
  }

  async #started(service: ServiceModel, index: number, id: string): Promise<undefined> {
    const worker = `${service.name}-${index}`;
    return this.#telling(service, index, async () => {
      this.#step(`Running post_start of ${worker}`);
      const { signal } = this.#interruption;
      await runLifecycle(this.#host.client(), id, worker, 'post_start', service.postStart, signal);
      this.#settle(index);
      return undefined;
    });
  }

  /** It runs on whatever comes of it, so nothing is laid over what the engine says of it. @throws FlotillaError what the engine refused */
  async #update(service: ServiceModel, { id, index }: PresentReplica, worker: string): Promise<void> {
    this.#step(`Updating ${worker}`);
    const placed = await this.#host.placed(service, index);
    await updateLimits(this.#host.client(), id, placed, worker).catch((error: unknown) => {
      throw explainUpdateFailure(error, worker);
    });
  }

  async #remove(service: ServiceModel, container: PresentReplica): Promise<void> {
    this.#step(`Stopping ${service.name}-${container.index}`);
    this.#show(container.index, 'stopping');
    if (container.state === 'running') {
      const worker = `${service.name}-${container.index}`;
      const tell = (step: string): void => this.#step(step);
      await this.#host.beforeStop(container.id, worker, service, tell, this.#interruption.signal);
      this.#step(`Stopping ${worker}`);
    }
    this.#host.stopping(container.id);
    await stopAndRemove(this.#host.client(), container.id, service.stopGraceMs, async () => {
      await this.#host.leaving(container.id, (step) => this.#step(step));
      this.#show(container.index, 'removing');
    });
  }

  #show(index: number, phase: WorkerPhase): void {
    this.overlays.set(index, { phase, settled: false });
    this.#host.changed();
  }

  #settle(index: number): void {
    const overlay = this.overlays.get(index);
    if (overlay !== undefined) this.overlays.set(index, { ...overlay, settled: true });
    this.#host.changed();
  }

  #step(step: string): void {
    this.#progress.step = step;
  }
}

const indexOf = (task: ReplicaTask): number => (task.kind === 'create' ? task.index : task.container.index);
