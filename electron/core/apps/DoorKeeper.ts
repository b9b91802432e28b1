import { randomBytes } from 'node:crypto';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import { CONTROL_TOKEN, CONTROL_URL, type DoorNews, type DoorView } from '#shared/domain/Door.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { DoorApp } from '../door/answerDoor.ts';
import { type DoorPlace, noDoor } from '../door/doorPlace.ts';
import { DoorServer } from '../door/DoorServer.ts';
import { readDoorVariables } from '../door/doorVariables.ts';
import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';
import { CREATOR, VERSION_LABEL } from './containerSpec.ts';
import { scaleRangeOf } from './doorApp.ts';
import { placeDoor } from './placeDoor.ts';

const MOST_NEWS = 100;
const RETRY_MS = 5_000;
const LIVE = new Set<ContainerRecord['state']>(['running', 'paused', 'restarting']);

export interface DoorHost {
  engine: Pick<EngineService, 'state' | 'snapshot' | 'client'>;
  /** See SessionHost.keepsDoors. */
  isKept: boolean;
  model(): AppModel | null;
  containers(): readonly ContainerRecord[];
  /** A container may be about to be made. */
  isBusy(): boolean;
  app(note: (news: DoorNews) => void): DoorApp;
  changed(): void;
}

/**
 * The control door of one app. Its token is made with main's container, stands in that container's environment only, and is good for as long
 * as the container lives: a door that Flotilla's restart closed is opened again from what the engine says that the container was told.
 */
export class DoorKeeper implements Disposable {
  readonly #host: DoorHost;
  readonly #app: DoorApp;
  /** `container`: whose it is; undefined until that is there. */
  #door: { server: DoorServer; container: string | undefined } | undefined;
  /** The main that was looked at last. */
  #seen: string | undefined;
  /** What opens and closes waits for one another here. */
  #work: Promise<unknown> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #news: DoorNews[] = [];
  /** Containers whose token was ended. */
  readonly #ended = new Set<string>();
  #isOver = false;

  constructor(host: DoorHost) {
    this.#host = host;
    this.#app = host.app((news) => this.#note(news));
  }

  /**
   * Opens a door for a main that is about to be made, and answers what to tell it.
   * @throws FlotillaError `unsupported` where there can be none
   */
  prepare(main: ServiceModel): Promise<Record<string, string>> {
    return this.#next(async () => {
      await this.#shut('main is made anew');
      const place = await placeDoor(this.#host.engine.client(), this.#host.model(), main);
      const server = await this.#open(place, 0, randomBytes(32).toString('base64url'));
      if (this.#host.isKept) this.#opened(server, undefined);
      else await server.dispose();
      return { [CONTROL_URL]: server.url, [CONTROL_TOKEN]: server.token };
    });
  }

  /** Looks whether main runs, and opens or closes its door accordingly. Cheap while nothing changed. */
  follow(): void {
    const { engine, isKept } = this.#host;
    if (!isKept || this.#isOver || engine.state.phase !== 'ready' || !engine.snapshot.fresh) return;
    const main = this.#main();
    const own = this.#ownOf(main).find(({ id, state }) => LIVE.has(state) && !this.#ended.has(id));
    const isForsaken = this.#door !== undefined && this.#door.container === undefined && !this.#host.isBusy();
    if (own?.id === this.#seen && !(own === undefined && isForsaken)) return;
    this.#seen = own?.id;
    this.#next(() => this.#settle(main, own)).catch((error: unknown) => {
      this.#problem(toErrorShape(error).message);
      this.#again();
    });
  }

  /** The token is worth nothing from now on. */
  close(reason: string): Promise<void> {
    for (const { id } of this.#ownOf(this.#main())) this.#ended.add(id);
    return this.#next(() => this.#shut(reason));
  }

  view(service: ServiceModel): DoorView | undefined {
    const model = this.#host.model();
    if (service.control !== true || model === null) return undefined;
    return {
      isOpen: this.#door !== undefined,
      ranges: model.services.flatMap((worker) => {
        const range = worker.role === 'worker' ? scaleRangeOf(worker) : undefined;
        return range === undefined ? [] : [{ service: worker.name, ...range }];
      }),
      news: this.#news,
    };
  }

  async dispose(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#retry);
    await this.#next(() => this.#shut('Flotilla ends'));
  }

  #main(): ServiceModel | undefined {
    return this.#host.model()?.services.find(({ control }) => control === true);
  }

  #ownOf(main: ServiceModel | undefined): ContainerRecord[] {
    return this.#host
      .containers()
      .filter(({ service, labels }) => service === main?.name && labels[VERSION_LABEL] === CREATOR);
  }

  async #settle(main: ServiceModel | undefined, own: ContainerRecord | undefined): Promise<void> {
    if (this.#isOver) return;
    if (main === undefined || own === undefined) {
      if (this.#door?.container !== undefined || !this.#host.isBusy()) await this.#shut('main does not run');
      return;
    }
    const client = this.#host.engine.client();
    const { Config } = await client.request<{ Config?: { Env?: string[] | null } }>({
      path: `/containers/${own.id}/json`,
    });
    const told = readDoorVariables(Config?.Env ?? []);
    if (told !== undefined && told.token === this.#door?.server.token) {
      this.#door.container = own.id;
      return;
    }
    await this.#shut('main is another one');
    if (told === undefined)
      return this.#problem('main was made without a door; it gets one with the next up.');
    const place = await placeDoor(client, this.#host.model(), main);
    if (place.urlHost !== told.urlHost)
      return this.#problem(
        `main was told ${told.urlHost}, and its network has the address ${place.urlHost} now: recreate it.`,
      );
    this.#opened(await this.#open(place, told.port, told.token), own.id);
  }

  #open({ address, urlHost, admits }: DoorPlace, port: number, token: string): Promise<DoorServer> {
    return DoorServer.open({ address, urlHost, admits, port, token, app: this.#app }).catch(
      (error: NodeJS.ErrnoException) => {
        throw noDoor(
          error.code === 'EADDRINUSE'
            ? `another program listens at ${address}:${port}, perhaps another Flotilla`
            : `it cannot listen at ${address} (${error.code ?? error.message})`,
        );
      },
    );
  }

  #opened(server: DoorServer, container: string | undefined): void {
    this.#door = { server, container };
    this.#note({ kind: 'opened', at: Date.now(), reason: `main calls ${server.url}` });
  }

  async #shut(reason: string): Promise<void> {
    const door = this.#door;
    if (door === undefined) return;
    this.#door = undefined;
    await door.server.dispose();
    this.#note({ kind: 'closed', at: Date.now(), reason });
  }

  #again(): void {
    clearTimeout(this.#retry);
    if (this.#isOver) return;
    this.#retry = setTimeout(() => {
      this.#seen = undefined;
      this.follow();
    }, RETRY_MS);
    this.#retry.unref();
  }

  #next<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#work.then(work);
    this.#work = next.catch(() => undefined);
    return next;
  }

  #problem(reason: string): void {
    const [last] = this.#news;
    if (last?.kind === 'problem' && last.reason === reason) return;
    this.#note({ kind: 'problem', at: Date.now(), reason });
  }

  #note(news: DoorNews): void {
    // Who knocks again and again must not push out what was decided.
    const same = this.#news.find(
      (known) => known.kind === 'refused' && news.kind === 'refused' && known.reason === news.reason,
    );
    const counted =
      same?.kind === 'refused' && news.kind === 'refused' ? { ...news, count: same.count + 1 } : news;
    this.#news = [counted, ...this.#news.filter((known) => known !== same)].slice(0, MOST_NEWS);
    this.#host.changed();
  }
}
