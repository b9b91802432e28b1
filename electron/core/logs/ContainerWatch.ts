import type { Disposable } from '#shared/domain/Disposable.ts';
import type { AppsService } from '../apps/AppsApi.ts';
import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';
import type { FollowedContainer } from './threads/threadMessages.ts';

/** Changes that come within this time are told together. */
const GATHER_MS = 20;

type Tell = (appId: string, containers: FollowedContainer[], isComplete: boolean) => void;

/** Tells which containers apps have, and in what state, whenever that changes. */
export class ContainerWatch implements Disposable {
  readonly #engine: EngineService;
  readonly #apps: Pick<AppsService, 'containers'>;
  readonly #tell: Tell;
  readonly #watched = new Set<string>();
  /** Starts heard of, by container. */
  readonly #starts = new Map<string, number>();
  readonly #terminals = new Map<string, Promise<boolean>>();
  readonly #heard: Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: EngineService, apps: Pick<AppsService, 'containers'>, tell: Tell) {
    this.#engine = engine;
    this.#apps = apps;
    this.#tell = tell;
    this.#heard = [
      engine.onSnapshot((change) => {
        if (change.kind === 'image') return;
        if (change.kind === 'container' && change.action === 'start')
          this.#starts.set(change.id, (this.#starts.get(change.id) ?? 0) + 1);
        this.#schedule();
      }),
    ];
  }

  /** Resolves once the app's containers were told for the first time. */
  add(appId: string): Promise<void> {
    this.#watched.add(appId);
    return this.#report(appId);
  }

  remove(appId: string): void {
    this.#watched.delete(appId);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watched.clear();
    for (const heard of this.#heard) void heard.dispose();
  }

  #schedule(): void {
    if (this.#watched.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const appId of this.#watched) void this.#report(appId);
    }, GATHER_MS);
  }

  async #report(appId: string): Promise<void> {
    const { state, snapshot } = this.#engine;
    const isComplete = state.phase === 'ready' && snapshot.fresh;
    const records = this.#apps.containers(appId);
    const containers = await Promise.all(
      records.map(async (record): Promise<FollowedContainer | undefined> => {
        const tty = record.tty ?? (await this.#isTerminal(record));
        return tty === undefined
          ? undefined
          : {
              id: record.id,
              name: record.name,
              worker: `${record.service}-${record.index}`,
              service: record.service,
              state: record.state,
              tty,
              starts: this.#starts.get(record.id) ?? 0,
              startedAt: record.startedAt,
              finishedAt: record.finishedAt,
              exitCode: record.exitCode,
              oomKilled: record.oomKilled,
            };
      }),
    );
    if (!this.#watched.has(appId)) return;
    const known = containers.filter((container) => container !== undefined);
    // One that could not be looked at is there all the same: nothing may be called gone on its account.
    this.#tell(appId, known, isComplete && known.length === records.length);
  }

  /** Whether it writes to a terminal, which its log does not tell; undefined when the engine does not answer. */
  async #isTerminal(record: ContainerRecord): Promise<boolean | undefined> {
    let asked = this.#terminals.get(record.id);
    if (asked === undefined) {
      asked = this.#ask(record.id);
      this.#terminals.set(record.id, asked);
    }
    try {
      return await asked;
    } catch {
      this.#terminals.delete(record.id);
      return undefined;
    }
  }

  async #ask(id: string): Promise<boolean> {
    const answer = await this.#engine
      .client()
      .request<{ Config?: { Tty?: boolean } }>({ path: `/containers/${id}/json` });
    return answer.Config?.Tty === true;
  }
}
