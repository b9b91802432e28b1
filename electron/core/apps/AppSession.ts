import { randomUUID } from 'node:crypto';
import { type ErrorShape, FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { ProjectReading } from '#shared/compose/ComposeApi.ts';
import { CAUSES } from '#shared/compose/joinDiagnostics.ts';
import { readProject } from '#shared/compose/readProject.ts';
import type { AppView, OperationKind, OperationView } from '#shared/domain/AppView.ts';
import type { AutoscaleNews } from '#shared/domain/Autoscale.ts';
import type { BuildSummary } from '#shared/domain/Build.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { PROJECT_LABEL } from '../engine/containerRecord.ts';
import type { ContainerRecord, EngineClient, EngineService } from '../engine/EngineApi.ts';
import { assertMayStart } from './assertMayStart.ts';
import { assertReadable } from './assertReadable.ts';
import { AutoscaleKeeper } from './AutoscaleKeeper.ts';
import { Consents } from './Consents.ts';
import { WORKING_DIR_LABEL } from './containerSpec.ts';
import { doorApp } from './doorApp.ts';
import { DoorKeeper } from './DoorKeeper.ts';
import { NodeProjectFiles } from './NodeProjectFiles.ts';
import { prepareStop } from './prepareStop.ts';
import type { ProjectRecord, SetOut } from './projectsDocument.ts';
import { Placer } from '../placement/Placer.ts';
import { realPathOf } from './realPathOf.ts';
import { ReplicaController } from './ReplicaController.ts';
import { viewOfApp } from './viewOfApp.ts';

const UNREAD: ProjectReading = { model: null, diagnostics: [], dangers: [] };

export interface Operation {
  view: OperationView;
  abort: AbortController;
  /** Settles, never rejects, when the operation is over. */
  over: Promise<void>;
}

export interface SessionHost {
  engine: EngineService;
  /** Control doors are open for as long as this process lives; otherwise they are only made room for. */
  keepsDoors: boolean;
  builds(appId: string): BuildSummary[];
  /** The view may have changed. */
  changed(session: AppSession): void;
  remember(record: ProjectRecord): Promise<void>;
  /** What starts have set out for: see SetOut. */
  setOut: {
    read(session: AppSession): Promise<SetOut>;
    remember(session: AppSession, setOut: SetOut): Promise<void>;
  };
  /** A container has ended and is about to be removed. */
  leaving(session: AppSession, containerId: string, tell: (step: string) => void): Promise<void>;
  containersOf(session: AppSession): ContainerRecord[];
  /** Scales a service by its policy until the signal aborts. */
  autoscale(
    session: AppSession,
    service: string,
    signal: AbortSignal,
    onNews: (news: AutoscaleNews) => void,
  ): Promise<void>;
}

/** One opened project folder: what its files say, what was asked for, and what is being done. */
export class AppSession {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly openedAt: number;
  readonly files: NodeProjectFiles;
  readonly consents: Consents;
  readonly operations = new Map<string, Operation>();
  readonly images = new Map<string, boolean>();
  readonly stopped = new Set<string>();
  reading: ProjectReading = UNREAD;
  folderError: ErrorShape | undefined;
  lastError: ErrorShape | undefined;
  /** Something of it was started by this process. */
  hasStarted = false;
  /** Stands for what the files say while a run is made again. */
  #instead: ProjectReading | undefined;
  readonly #requested: Map<string, number>;
  readonly #controllers = new Map<string, ReplicaController>();
  readonly #host: SessionHost;
  readonly autoscale: AutoscaleKeeper;
  readonly door: DoorKeeper;
  readonly placer: Placer;

  constructor(record: ProjectRecord, host: SessionHost) {
    this.id = record.id;
    this.path = record.path;
    this.title = record.title;
    this.openedAt = record.openedAt;
    this.autoscale = new AutoscaleKeeper(
      (service, signal, onNews) => host.autoscale(this, service, signal, onNews),
      () => this.changed(),
    );
    this.door = new DoorKeeper({
      engine: host.engine,
      isKept: host.keepsDoors,
      model: () => this.reading.model,
      containers: () => this.containers(),
      isBusy: () => this.isBusy,
      app: (note) => doorApp(this, host.engine, note),
      changed: () => this.changed(),
    });
    this.placer = new Placer({
      model: () => this.reading.model,
      requested: (service) => this.requested(service),
      containers: () => this.containers(),
      client: () => this.client(),
    });
    this.files = new NodeProjectFiles(record.path);
    this.consents = new Consents(record.granted);
    this.#requested = new Map(Object.entries(record.requested));
    this.#host = host;
  }

  /** Reads the folder again. Never rejects: what is wrong is part of the view. */
  async read(): Promise<void> {
    try {
      await assertReadable(this.path);
      this.reading = await readProject(this.files);
      this.folderError = undefined;
      if (this.#instead !== undefined) this.reading = { ...this.reading, ...this.#instead };
    } catch (error) {
      this.folderError = toErrorShape(error);
    }
    this.changed();
  }

  /** Has `work` done with another model than the files have. */
  async withModel<Result>(
    { app, dangers }: { app: AppModel; dangers: ProjectReading['dangers'] },
    work: () => Promise<Result>,
  ): Promise<Result> {
    this.#instead = { model: app, diagnostics: [], dangers };
    try {
      await this.read();
      return await work();
    } finally {
      this.#instead = undefined;
      await this.read();
    }
  }

  leaving(containerId: string, tell: (step: string) => void): Promise<void> {
    return this.#host.leaving(this, containerId, tell);
  }

  /** @throws FlotillaError `project-invalid` with the first problem's place */
  model(): AppModel {
    if (this.folderError !== undefined) throw FlotillaError.fromShape(this.folderError);
    const { model, diagnostics } = this.reading;
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
    // Of a text that cannot be read the rest only follows.
    const first = errors.find(({ code }) => CAUSES.has(code)) ?? errors[0];
    if (first !== undefined || model === null) {
      const place =
        first === undefined
          ? ''
          : `${first.file}${first.range === undefined ? '' : `:${first.range.line}`}: `;
      const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      throw new FlotillaError(
        'project-invalid',
        `${place}${first?.message ?? `Nothing that can be run was found in ${this.path}.`}${others}`,
        {
          hint: 'The problems are listed with their fixes under Problems, or by `flotilla check DIR`.',
          ...(first === undefined
            ? {}
            : { detail: { file: first.file, line: first.range?.line, code: first.code } }),
        },
      );
    }
    return model;
  }

  service(name: string): ServiceModel {
    const service = this.model().services.find((candidate) => candidate.name === name);
    if (service !== undefined) return service;
    throw new FlotillaError('not-found', `${this.title} has no service “${name}”.`, {
      hint: `It has: ${this.model()
        .services.map((candidate) => candidate.name)
        .join(', ')}.`,
    });
  }

  get projectName(): string | undefined {
    return this.reading.model?.name;
  }

  requested(service: ServiceModel): number {
    return this.#requested.get(service.name) ?? service.replicas;
  }

  async request(service: string, replicas: number): Promise<void> {
    this.#requested.set(service, replicas);
    this.changed();
    await this.remember();
  }

  remember(open = true): Promise<void> {
    return this.#host.remember({
      id: this.id,
      path: this.path,
      title: this.title,
      openedAt: this.openedAt,
      open,
      requested: Object.fromEntries(this.#requested),
      granted: this.consents.list(),
    });
  }

  /** What a start has set out for that was broken off, or is under way. */
  setOut(): Promise<SetOut> {
    return this.#host.setOut.read(this);
  }

  rememberSetOut(setOut: SetOut): Promise<void> {
    return this.#host.setOut.remember(this, setOut);
  }

  controller(service: string): ReplicaController {
    let controller = this.#controllers.get(service);
    if (controller === undefined) {
      controller = new ReplicaController(
        {
          client: () => this.client(),
          app: () => this.model(),
          service: () => this.reading.model?.services.find((candidate) => candidate.name === service),
          requested: (other) => this.requested(other),
          mayStart: (wanted) => assertMayStart(this, wanted),
          projectPath: this.path,
          owns: (labels) => this.owns(labels),
          changed: () => this.changed(),
          stopping: (id) => void this.stopped.add(id),
          leaving: (id, tell) => this.leaving(id, tell),
          openDoor: (main) => this.door.prepare(main),
          placed: (wanted, index) => this.placer.placed(this.client(), wanted, index),
          beforeStop: (id, worker, of, tell, signal) => this.beforeStop(id, worker, of, tell, signal),
        },
        service,
      );
      this.#controllers.set(service, controller);
    }
    return controller;
  }

  /** See prepareStop; a drain that failed is told in the view. */
  async beforeStop(
    id: string,
    worker: string,
    service: ServiceModel,
    tell: (step: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const failure = await prepareStop(this.client(), id, worker, service, tell, signal);
    if (failure !== undefined) this.lastError = toErrorShape(failure);
  }

  get controllers(): ReplicaController[] {
    return [...this.#controllers.values()];
  }

  client(): EngineClient {
    return this.#host.engine.client();
  }

  /** False for containers of another folder that happens to have the same project name. */
  owns(labels: Readonly<Record<string, string>>): boolean {
    if (labels[PROJECT_LABEL] !== this.projectName) return false;
    const folder = labels[WORKING_DIR_LABEL];
    return folder === undefined || folder === '' || folder === this.path || realPathOf(folder) === this.path;
  }

  containers(): ContainerRecord[] {
    return this.#host.containersOf(this);
  }

  /** Runs `work` as a visible operation; its failure (but no cancellation) stays on show until the next one. */
  async operate<Result>(
    kind: OperationKind,
    signal: AbortSignal | undefined,
    work: (operation: {
      step(step: string, done?: number, total?: number): void;
      signal: AbortSignal;
    }) => Promise<Result>,
  ): Promise<Result> {
    const abort = new AbortController();
    const onAbort = (): void => abort.abort();
    if (signal?.aborted === true) abort.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const id = randomUUID();
    let finish = (): void => undefined;
    const operation: Operation = {
      view: {
        id,
        kind,
        step: '',
        done: 0,
        total: 0,
        startedAt: Date.now(),
        cancellable: true,
      },
      abort,
      over: new Promise((resolve) => (finish = resolve)),
    };
    this.operations.set(id, operation);
    this.hasStarted ||= kind === 'up' || kind === 'scale';
    this.lastError = undefined;
    this.changed();
    try {
      return await this.keepFailure(() =>
        work({
          signal: abort.signal,
          step: (step, done = 0, total = 0) => {
            operation.view = { ...operation.view, step, done, total };
            this.changed();
          },
        }),
      );
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.operations.delete(id);
      finish();
      this.changed();
    }
  }

  /** A failure of `work` (but no cancellation, and no question for consent) stays on show in the view until the next operation. */
  async keepFailure<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const shape = toErrorShape(error);
      if (shape.code !== 'cancelled' && shape.code !== 'consent-required') {
        this.lastError = shape;
        this.changed();
      }
      throw error;
    }
  }

  /** Breaks off what is under way of these kinds and waits for its end. */
  async abortOperations(kinds: readonly OperationKind[]): Promise<void> {
    const affected = [...this.operations.values()].filter((operation) => kinds.includes(operation.view.kind));
    for (const operation of affected) operation.abort.abort();
    await Promise.all(affected.map((operation) => operation.over));
  }

  /** Whether an operation of one of these kinds is under way. */
  isUnder(...kinds: readonly OperationKind[]): boolean {
    return [...this.operations.values()].some(({ view }) => kinds.includes(view.kind));
  }

  async awaitOperations(kinds: readonly OperationKind[]): Promise<void> {
    await Promise.all(
      [...this.operations.values()]
        .filter((operation) => kinds.includes(operation.view.kind))
        .map((operation) => operation.over),
    );
  }

  /** Something is being made or removed. */
  get isBusy(): boolean {
    return this.operations.size > 0 || this.controllers.some((controller) => controller.busy);
  }

  changed(): void {
    this.#host.changed(this);
  }

  view(): AppView {
    const containers = this.containers();
    for (const [service, controller] of this.#controllers) {
      controller.prune(
        (index) =>
          containers.find((container) => container.service === service && container.index === index)?.state,
      );
    }
    for (const id of this.stopped) {
      const container = containers.find((candidate) => candidate.id === id);
      // Started again since: its next end is its own.
      if (container?.state === 'running' && !this.#isStopping()) this.stopped.delete(id);
    }
    return viewOfApp({
      id: this.id,
      title: this.title,
      path: this.path,
      reading: this.reading,
      folderError: this.folderError,
      consents: this.consents,
      requested: this.#requested,
      containers,
      overlays: new Map([...this.#controllers].map(([name, controller]) => [name, controller.overlays])),
      images: this.images,
      stopped: this.stopped,
      operations: [...this.operations.values()].map((operation) => operation.view),
      builds: this.#host.builds(this.id),
      lastError: this.lastError,
      openedAt: this.openedAt,
      autoscale: (service) => this.autoscale.view(service),
      door: (service) => this.door.view(service),
      placement: this.placer.known(containers),
      engineKnown: this.#host.engine.snapshot.revision > 0,
    });
  }

  #isStopping(): boolean {
    return this.isUnder('stop', 'down') || this.controllers.some((controller) => controller.busy);
  }
}
