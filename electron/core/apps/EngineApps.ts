import { FlotillaError, toErrorShape, type ErrorShape } from '#shared/contract/errors.ts';
import type { AppView, OperationKind, OperationView } from '#shared/domain/AppView.ts';
import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';
import { WORKING_DIR_LABEL } from './containerSpec.ts';
import { startContainer } from './createReplica.ts';
import { limitsOf } from './engineLimits.ts';
import { removeNetworks, removeVolumes } from './removeStores.ts';
import { stopAndRemove, stopContainer } from './stopContainer.ts';
import { viewOfEngineApp } from './viewOfApp.ts';

const PREFIX = 'engine:';
const GRACE_MS = 10_000;

export interface EngineAppsHost {
  engine: EngineService;
  containersByProject(): ReadonlyMap<string, ContainerRecord[]>;
  /** The container belongs to an opened folder. */
  isOwned(container: ContainerRecord): boolean;
  changed(): void;
}

/** Compose projects of which only the containers are known: they can be started, stopped and removed, and their logs read. */
export class EngineApps {
  readonly #host: EngineAppsHost;
  readonly #operations = new Map<string, OperationView>();
  readonly #errors = new Map<string, ErrorShape>();
  readonly #stopped = new Set<string>();
  #told = new Set<string>();
  isDirty = false;

  constructor(host: EngineAppsHost) {
    this.#host = host;
  }

  views(): AppView[] {
    const views: AppView[] = [];
    for (const [project, all] of this.#host.containersByProject()) {
      const containers = all.filter((container) => !this.#host.isOwned(container));
      if (containers.length > 0) views.push(this.#view(project, containers));
    }
    return views;
  }

  get(appId: string): AppView | undefined {
    if (!appId.startsWith(PREFIX)) return undefined;
    const containers = this.containers(appId);
    return containers.length === 0 ? undefined : this.#view(appId.slice(PREFIX.length), containers);
  }

  knows(project: string | undefined): boolean {
    return project !== undefined && this.#told.has(PREFIX + project);
  }

  /** What to tell since the last time. */
  changes(): { changed: AppView[]; removed: string[] } {
    this.isDirty = false;
    const changed = this.views();
    const present = new Set(changed.map((view) => view.id));
    const removed = [...this.#told].filter((id) => !present.has(id));
    this.#told = present;
    return { changed, removed };
  }

  dismissError(appId: string): void {
    this.#errors.delete(appId);
    this.#touch();
  }

  start(appId: string, signal?: AbortSignal): Promise<AppView> {
    return this.#operate(appId, 'up', async (containers) => {
      for (const container of containers) {
        signal?.throwIfAborted();
        if (container.state === 'running') continue;
        const client = this.#host.engine.client();
        await limitsOf(client).creations.run(() => startContainer(client, container.id), 0, signal);
      }
    });
  }

  stop(appId: string, signal?: AbortSignal): Promise<AppView> {
    return this.#operate(appId, 'stop', (containers) =>
      this.#end(containers, signal, (id) => stopContainer(this.#host.engine.client(), id, GRACE_MS)),
    );
  }

  down(appId: string, volumes: boolean, signal?: AbortSignal): Promise<AppView> {
    return this.#operate(appId, 'down', async (containers) => {
      const client = this.#host.engine.client();
      await this.#end(containers, signal, (id) => stopAndRemove(client, id, GRACE_MS, () => undefined));
      const project = appId.slice(PREFIX.length);
      // Another folder of the same name may still use them.
      if (
        (this.#host.containersByProject().get(project) ?? []).some((container) =>
          this.#host.isOwned(container),
        )
      )
        return;
      await removeNetworks(client, project);
      if (volumes) await removeVolumes(client, project);
    });
  }

  async #end(
    containers: readonly ContainerRecord[],
    signal: AbortSignal | undefined,
    end: (id: string) => Promise<void>,
  ): Promise<void> {
    const { removals } = limitsOf(this.#host.engine.client());
    await Promise.all(
      containers.map((container) =>
        removals.run(async () => {
          if (signal?.aborted === true) return;
          this.#stopped.add(container.id);
          await end(container.id);
        }),
      ),
    );
  }

  async #operate(
    appId: string,
    kind: OperationKind,
    work: (containers: ContainerRecord[]) => Promise<void>,
  ): Promise<AppView> {
    const before = this.get(appId);
    if (before === undefined)
      throw new FlotillaError('not-found', 'This app is not on the list.', {
        hint: 'Its containers were removed.',
      });
    if (this.#operations.has(appId))
      throw new FlotillaError('conflict', `${before.title} is busy.`, { hint: 'Wait until it is done.' });
    this.#operations.set(appId, {
      id: `${appId}-${kind}`,
      kind,
      step: '',
      done: 0,
      total: 0,
      startedAt: Date.now(),
      cancellable: false,
    });
    this.#errors.delete(appId);
    this.#touch();
    try {
      await work(this.containers(appId));
    } catch (error) {
      this.#errors.set(appId, toErrorShape(error));
      throw error;
    } finally {
      this.#operations.delete(appId);
      this.#touch();
    }
    return this.get(appId) ?? { ...before, workers: [], services: [], status: 'stopped' };
  }

  containers(appId: string): ContainerRecord[] {
    return (this.#host.containersByProject().get(appId.slice(PREFIX.length)) ?? []).filter(
      (container) => !this.#host.isOwned(container),
    );
  }

  #view(project: string, containers: readonly ContainerRecord[]): AppView {
    const id = PREFIX + project;
    const operation = this.#operations.get(id);
    return viewOfEngineApp(
      id,
      project,
      containers,
      containers[0]?.labels[WORKING_DIR_LABEL],
      operation === undefined ? [] : [operation],
      this.#errors.get(id),
      this.#stopped,
    );
  }

  #touch(): void {
    this.isDirty = true;
    this.#host.changed();
  }
}
