import { z } from 'zod';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { Endpoint, EndpointProbe, EngineState } from '#shared/domain/Engine.ts';
import type { Document, Store } from '../store/StoreApi.ts';
import { createEmbeddedEngine, embeddedHost } from './createEmbeddedEngine.ts';
import type {
  EmbeddedEngine,
  EngineClient,
  EngineService,
  EngineSnapshot,
  SnapshotChange,
} from './EngineApi.ts';
import { engineUnavailable } from './engineUnavailable.ts';
import { EngineConnection } from './EngineConnection.ts';
import { endpoint, findEndpoints } from './findEndpoints.ts';
import { LiveStreamRegistry } from './LiveStreamRegistry.ts';
import { identifyEngine, probeEndpoint } from './negotiate.ts';
import { SnapshotKeeper } from './SnapshotKeeper.ts';

const SEARCH_AGAIN_MS = 3_000;
const FIRST_RETRY_MS = 250;
const RETRY_GROWTH = 1.6;
const LONGEST_RETRY_MS = 5_000;
const IDENTIFY_MS = 5_000;

export interface EngineServiceOptions {
  dataFolder: string;
  env: NodeJS.ProcessEnv;
  homeDirectory: string;
  store: Store;
  /** Only this address is used, e.g. of `--host`. */
  onlyHost?: string | undefined;
  log?: ((message: string) => void) | undefined;
}

const preferenceSchema = z.object({ endpointId: z.string().optional() });
const EMPTY: EngineSnapshot = { revision: 0, fresh: false, containers: new Map() };

/** Finds an engine, keeps the connection, and says at every moment how it stands. */
export function createEngineService(options: EngineServiceOptions): EngineService {
  return new EngineKeeper(options);
}

class EngineKeeper implements EngineService {
  readonly liveStreams = new LiveStreamRegistry();
  readonly embedded: EmbeddedEngine;
  readonly #options: EngineServiceOptions;
  readonly #preference: Document<z.infer<typeof preferenceSchema>>;
  readonly #stateListeners = new Set<(state: EngineState) => void>();
  readonly #snapshotListeners = new Set<(change: SnapshotChange, snapshot: EngineSnapshot) => void>();
  #state: EngineState = { phase: 'searching' };
  #connection: EngineConnection | undefined;
  #keeper: SnapshotKeeper | undefined;
  /** What was last known, shown while the engine is lost. */
  #last: EngineSnapshot = EMPTY;
  #timer: NodeJS.Timeout | undefined;
  /** Grows whenever a newer search or connection makes those under way void. */
  #generation = 0;
  #disposed = false;

  constructor(options: EngineServiceOptions) {
    this.#options = options;
    this.#preference = options.store.document('engine', preferenceSchema, {});
    const embedded = createEmbeddedEngine(options);
    this.embedded = {
      status: () => embedded.status(),
      start: async (signal) => {
        const status = await embedded.start(signal);
        if (status.state === 'running' && this.#state.phase !== 'ready') await this.retry();
        return status;
      },
      stop: async () => {
        const status = await embedded.stop();
        if ('endpoint' in this.#state && this.#state.endpoint.source === 'embedded') void this.#search();
        return status;
      },
      dispose: () => embedded.dispose(),
    };
  }

  get state(): EngineState {
    return this.#state;
  }

  get snapshot(): EngineSnapshot {
    return this.#keeper?.snapshot ?? this.#last;
  }

  onState(listener: (state: EngineState) => void): Disposable {
    this.#stateListeners.add(listener);
    return { dispose: () => void this.#stateListeners.delete(listener) };
  }

  onSnapshot(listener: (change: SnapshotChange, snapshot: EngineSnapshot) => void): Disposable {
    this.#snapshotListeners.add(listener);
    return { dispose: () => void this.#snapshotListeners.delete(listener) };
  }

  start(): void {
    void this.#search();
  }

  async list(): Promise<EndpointProbe[]> {
    return Promise.all((await this.#endpoints()).map((candidate) => probeEndpoint(candidate)));
  }

  async connect(endpointId: string): Promise<EngineState> {
    const wanted = (await this.#endpoints()).find((candidate) => candidate.id === endpointId);
    if (wanted === undefined) {
      throw new FlotillaError('not-found', 'That engine is not on the list any more.', {
        hint: 'List the engines again.',
      });
    }
    // Asked before the present one is let go: a wrong choice costs nothing.
    await identifyEngine(wanted, AbortSignal.timeout(IDENTIFY_MS));
    await this.#preference.update(() => ({ endpointId }));
    await this.#attach(wanted, ++this.#generation, 1);
    return this.#state;
  }

  async retry(): Promise<EngineState> {
    clearTimeout(this.#timer);
    if (this.#state.phase === 'lost')
      await this.#reattach(this.#state.endpoint, ++this.#generation, this.#state.attempt, this.#state.since);
    else if (this.#state.phase !== 'ready') await this.#search();
    return this.#state;
  }

  client(): EngineClient {
    if (this.#connection !== undefined && this.#state.phase === 'ready') return this.#connection;
    throw engineUnavailable(this.#state);
  }

  whenReady(timeoutMs: number): Promise<EngineClient> {
    const ready = (): EngineClient | undefined =>
      this.#state.phase === 'ready' && this.snapshot.fresh ? this.#connection : undefined;
    return new Promise((resolve, reject) => {
      const present = ready();
      if (present !== undefined) return resolve(present);
      const done = (): void => {
        clearTimeout(timer);
        void heard.dispose();
      };
      const heard = this.onState(() => {
        const client = ready();
        if (client === undefined) return;
        done();
        resolve(client);
      });
      const timer = setTimeout(() => {
        done();
        reject(engineUnavailable(this.#state));
      }, timeoutMs);
    });
  }

  async relist(): Promise<EngineSnapshot> {
    this.client();
    await this.#keeper?.relist();
    return this.snapshot;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#letGo();
    await this.embedded.dispose();
  }

  #endpoints(): Promise<Endpoint[]> {
    const { onlyHost, env, homeDirectory } = this.#options;
    if (onlyHost !== undefined) return Promise.resolve([endpoint('flag', 'Given with --host', onlyHost)]);
    return findEndpoints({ env, homeDirectory, embeddedHost: embeddedHost(this.#options) });
  }

  async #search(): Promise<void> {
    clearTimeout(this.#timer);
    const generation = ++this.#generation;
    this.#letGo();
    if (this.#state.phase !== 'none') this.#tell({ phase: 'searching' });
    try {
      const { endpointId } = await this.#preference.read();
      const endpoints = await this.#endpoints();
      endpoints.sort((a, b) => Number(b.id === endpointId) - Number(a.id === endpointId));
      const probing = endpoints.map((candidate) => probeEndpoint(candidate));
      for (const probe of probing) {
        const answer = await probe;
        if (this.#isVoid(generation)) return;
        if (!answer.answered) continue;
        await this.#attach(answer.endpoint, generation, 1);
        return;
      }
      const probes = await Promise.all(probing);
      const embedded = await this.embedded.status();
      if (this.#isVoid(generation)) return;
      this.#tell({ phase: 'none', probes, embedded });
    } catch (error) {
      this.#options.log?.(`search for engines: ${String(error)}`);
      if (this.#isVoid(generation)) return;
      if (this.#state.phase === 'lost' || this.#state.phase === 'ready') return;
    }
    this.#timer = setTimeout(() => void this.#search(), SEARCH_AGAIN_MS);
  }

  /** First connection to an endpoint that has just answered. */
  async #attach(wanted: Endpoint, generation: number, attempt: number): Promise<void> {
    this.#letGo();
    this.#last = EMPTY;
    this.#tell({ phase: 'connecting', endpoint: wanted, attempt });
    await this.#open(wanted, generation, attempt, Date.now());
  }

  async #reattach(wanted: Endpoint, generation: number, attempt: number, since: number): Promise<void> {
    if (this.#isVoid(generation)) return;
    await this.#open(wanted, generation, attempt, since);
  }

  async #open(wanted: Endpoint, generation: number, attempt: number, since: number): Promise<void> {
    let connection: EngineConnection | undefined;
    let keeper: SnapshotKeeper | undefined;
    try {
      const info = await identifyEngine(wanted, AbortSignal.timeout(IDENTIFY_MS));
      if (this.#isVoid(generation)) return;
      connection = new EngineConnection(wanted, info, this.liveStreams);
      const opened = connection;
      keeper = new SnapshotKeeper({
        connection,
        onChange: (change) => this.#spread(change),
        onLost: (reason) => this.#lost(opened, reason),
      });
      // The list is in before `ready` is told, so nobody sees an engine that is ready and empty.
      await keeper.start();
      if (this.#isVoid(generation)) {
        keeper.dispose();
        connection.dispose();
        return;
      }
      this.#connection = connection;
      this.#keeper = keeper;
      this.#tell({ phase: 'ready', endpoint: wanted, info, since: Date.now() });
      this.#spread({ kind: 'relisted' });
    } catch (error) {
      keeper?.dispose();
      connection?.dispose();
      if (!this.#isVoid(generation)) this.#retryLater(wanted, toErrorShape(error), attempt, since);
    }
  }

  #lost(connection: EngineConnection, reason: FlotillaError): void {
    if (this.#connection !== connection) return;
    const { endpoint: wanted } = connection;
    this.#generation += 1;
    this.#letGo();
    this.#options.log?.(`engine lost: ${reason.message}`);
    this.#retryLater(wanted, toErrorShape(reason), 0, Date.now());
  }

  #retryLater(
    wanted: Endpoint,
    reason: ReturnType<typeof toErrorShape>,
    attempt: number,
    since: number,
  ): void {
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * RETRY_GROWTH ** attempt);
    const generation = this.#generation;
    this.#tell({
      phase: 'lost',
      endpoint: wanted,
      reason,
      nextRetryAt: Date.now() + delay,
      attempt: attempt + 1,
      since,
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#reattach(wanted, generation, attempt + 1, since), delay);
  }

  /** Ends the present connection and its streams; what it knew stays on show. */
  #letGo(): void {
    if (this.#keeper !== undefined) this.#last = { ...this.#keeper.snapshot, fresh: false };
    const connection = this.#connection;
    this.#keeper?.dispose();
    this.#keeper = undefined;
    this.#connection = undefined;
    connection?.dispose();
  }

  #isVoid(generation: number): boolean {
    return this.#disposed || generation !== this.#generation;
  }

  #tell(state: EngineState): void {
    if (this.#disposed) return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }

  #spread(change: SnapshotChange): void {
    if (this.#keeper === undefined) return;
    const { snapshot } = this;
    for (const listener of [...this.#snapshotListeners]) listener(change, snapshot);
  }
}
