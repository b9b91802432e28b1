import type { Disposable } from '#shared/domain/Disposable.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import {
  type ContainerInspection,
  type ContainerSummary,
  hasEnded,
  NUMBER_LABEL,
  PROJECT_LABEL,
  projectOf,
  recordOfEvent,
  recordOfInspection,
  recordOfSummary,
} from './containerRecord.ts';
import type { ContainerRecord, EngineSnapshot, EngineStream, SnapshotChange } from './EngineApi.ts';
import type { EngineConnection } from './EngineConnection.ts';
import { foretold } from './foretold.ts';
import { NdjsonReader } from './NdjsonReader.ts';
import { toEngineError } from './toEngineError.ts';

const RELIST_MS = 30_000;
const PING_MS = 5_000;
const PING_LIMIT_MS = 3_000;
const INSPECTS_AT_ONCE = 8;
/** An engine that answers all else may hang on one container whose lock is stuck. */
const INSPECT_LIMIT_MS = 5_000;
/** Events of one container that follow each other this closely cost one inspection. */
const COALESCE_MS = 15;
/** While many containers come and go their inspections wait: the engine has better things to do, and events say most. */
const COALESCE_BUSY_MS = 300;
const BUSY_FROM = 3;
/** What the list's columns do not tell, or what changes them. Execs, attaches and the like are noise. */
const TELLING_ACTIONS = new Set([
  'create',
  'start',
  'restart',
  'die',
  'oom',
  'pause',
  'unpause',
  'rename',
  'update',
  'stop',
  'died',
  'cleanup',
]);
const GONE_ACTIONS = new Set(['destroy', 'remove']);
/** Of a container that is no Compose project's: what changes which images are in use, and by whom. */
const FOREIGN_ACTIONS = new Set(['create', 'rename', ...GONE_ACTIONS]);

interface EngineEvent {
  Type?: string;
  Action?: string;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
  timeNano?: number;
}

export interface SnapshotKeeperOptions {
  connection: EngineConnection;
  onChange(change: SnapshotChange): void;
  /** Called once, when the engine can no longer be heard. */
  onLost(reason: FlotillaError): void;
}

/** Keeps the list of Compose containers of one connection true: events, a list at the start and every 30 s, a liveness ping. */
export class SnapshotKeeper implements Disposable {
  readonly #options: SnapshotKeeperOptions;
  readonly #containers = new Map<string, ContainerRecord>();
  readonly #waiting = new Set<string>();
  readonly #inspecting = new Set<string>();
  /** Those that were removed while they were inspected: what comes of it is of the past. */
  readonly #goneMeanwhile = new Set<string>();
  readonly #touched = new Set<string>();
  /** Those that the engine could not tell more of: asked again with the next list. */
  readonly #untold = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stop = new AbortController();
  #events: EngineStream | undefined;
  #listing: Promise<void> | undefined;
  #nextListing: Promise<void> | undefined;
  #flush: NodeJS.Timeout | undefined;
  #revision = 0;
  #fresh = false;
  #ended = false;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  get snapshot(): EngineSnapshot {
    return { revision: this.#revision, fresh: this.#fresh, containers: this.#containers };
  }

  /** Opens the event stream, then lists: in this order nothing that happens in between is missed. */
  async start(): Promise<void> {
    const { connection } = this.#options;
    this.#events = await connection.openStream({
      path: '/events',
      query: { filters: JSON.stringify({ type: ['container', 'image'] }) },
      purpose: 'events',
      signal: this.#stop.signal,
    });
    this.#readEvents(this.#events);
    await this.relist();
    this.#every(RELIST_MS, () => this.relist());
    this.#every(PING_MS, () => this.#ping());
  }

  /** Lists afresh: a list that had begun before the call does not count. Callers that wait share the next one. */
  relist(): Promise<void> {
    if (this.#listing === undefined) {
      this.#listing = this.#list().finally(() => (this.#listing = undefined));
      return this.#listing;
    }
    this.#nextListing ??= this.#listing
      .catch(() => undefined)
      .then(() => {
        this.#nextListing = undefined;
        return this.relist();
      });
    return this.#nextListing;
  }

  dispose(): void {
    this.#ended = true;
    this.#stop.abort();
    this.#events?.close();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#flush);
  }

  #every(ms: number, action: () => Promise<void>): void {
    const timer = setInterval(() => void action().catch((error: unknown) => this.#check(error)), ms);
    timer.unref();
    this.#timers.add(timer);
  }

  async #list(): Promise<void> {
    this.#touched.clear();
    const list = await this.#options.connection.request<ContainerSummary[]>({
      path: '/containers/json',
      query: { all: true, filters: JSON.stringify({ label: [PROJECT_LABEL, NUMBER_LABEL] }) },
      signal: this.#signal(10_000),
    });
    const seen = new Set<string>();
    for (const summary of list) {
      const known = this.#containers.get(summary.Id);
      const record = recordOfSummary(summary, known);
      if (record === undefined) continue;
      seen.add(record.id);
      // An event that came while the list was made knows better than the list.
      if (this.#touched.has(record.id)) {
        this.#waiting.add(record.id);
        continue;
      }
      this.#containers.set(record.id, record);
      if (
        known === undefined ||
        known.state !== record.state ||
        known.tty === undefined ||
        this.#untold.has(record.id)
      )
        this.#waiting.add(record.id);
    }
    for (const id of this.#containers.keys())
      if (!seen.has(id) && !this.#touched.has(id)) {
        this.#containers.delete(id);
        this.#untold.delete(id);
        this.#options.connection.heard.forget(id);
      }
    await this.#inspectWaiting();
    this.#fresh = true;
    this.#changed({ kind: 'relisted' });
  }

  #readEvents(stream: EngineStream): void {
    const reader = new NdjsonReader((item) => {
      if (item.ok) this.#onEvent(item.value as EngineEvent);
    });
    const where = this.#options.connection.endpoint.host;
    stream.body.on('data', (chunk: Buffer) => reader.push(chunk));
    const lost = (error?: unknown): void => {
      this.#lose(
        error === undefined
          ? new FlotillaError('engine-unavailable', `The engine at ${where} ended the connection.`, {
              hint: 'It stopped or restarts; Flotilla connects again by itself.',
            })
          : toEngineError(error, 'read events', where),
      );
    };
    // A clean end is a lost engine as well: events never end by themselves.
    stream.body.once('end', () => lost());
    stream.body.once('error', lost);
    stream.body.once('close', () => lost());
  }

  #onEvent(event: EngineEvent): void {
    const id = event.Actor?.ID;
    const action = event.Action;
    if (id === undefined || action === undefined) return;
    const attributes = event.Actor?.Attributes ?? {};
    if (event.Type === 'image') {
      this.#changed({ kind: 'image', action, reference: attributes['name'] ?? id });
      return;
    }
    const project = projectOf(attributes) ?? this.#containers.get(id)?.project;
    if (project === undefined) {
      if (FOREIGN_ACTIONS.has(action)) this.#changed({ kind: 'container', id, action, project });
      return;
    }
    const { heard } = this.#options.connection;
    heard.note(id, action, event.timeNano);
    if (GONE_ACTIONS.has(action)) {
      heard.forget(id);
      this.#touched.add(id);
      this.#waiting.delete(id);
      this.#untold.delete(id);
      if (this.#inspecting.has(id)) this.#goneMeanwhile.add(id);
      this.#containers.delete(id);
      this.#changed({ kind: 'container', id, action, project });
      return;
    }
    if (!TELLING_ACTIONS.has(action) && !action.startsWith('health_status')) return;
    this.#touched.add(id);
    this.#foretell(id, action, attributes, event.timeNano);
    this.#changed({ kind: 'container', id, action, project });
    this.#waiting.add(id);
    if (this.#flush !== undefined && this.#waiting.size !== BUSY_FROM) return;
    clearTimeout(this.#flush);
    this.#flush = setTimeout(
      () => {
        this.#flush = undefined;
        void this.#inspectWaiting().catch((error: unknown) => this.#check(error));
      },
      this.#waiting.size >= BUSY_FROM ? COALESCE_BUSY_MS : COALESCE_MS,
    );
  }

  /** What the event says itself, shown before the inspection confirms it. */
  #foretell(id: string, action: string, attributes: Record<string, string>, timeNano?: number): void {
    const time = timeNano === undefined ? Date.now() : Math.floor(timeNano / 1e6);
    const known = this.#containers.get(id) ?? recordOfEvent(id, attributes, time);
    if (known === undefined) return;
    const isOutOfMemory = this.#options.connection.heard.isOutOfMemory(id);
    const record = foretold(known, { action, attributes, time, isOutOfMemory });
    if (record !== undefined) this.#containers.set(id, record);
  }

  async #inspectWaiting(): Promise<void> {
    const lane = async (): Promise<void> => {
      for (;;) {
        const id = [...this.#waiting].find((candidate) => !this.#inspecting.has(candidate));
        if (id === undefined || this.#ended) return;
        this.#waiting.delete(id);
        this.#inspecting.add(id);
        try {
          await this.#inspect(id);
        } finally {
          this.#inspecting.delete(id);
          this.#goneMeanwhile.delete(id);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(INSPECTS_AT_ONCE, this.#waiting.size) }, lane));
  }

  async #inspect(id: string): Promise<void> {
    let record: ContainerRecord | undefined;
    const { connection } = this.#options;
    try {
      record = recordOfInspection(
        await connection.request<ContainerInspection>({
          path: `/containers/${id}/json`,
          signal: this.#signal(INSPECT_LIMIT_MS),
        }),
        connection.info.updatesLimits,
      );
    } catch (error) {
      if (!isOfOne(error)) throw error;
      if (error.detail?.['statusCode'] !== 404) {
        // The list tells enough of it to be shown, and whether the engine is there the ping finds out.
        if (!this.#goneMeanwhile.has(id)) this.#untold.add(id);
        return;
      }
    }
    this.#untold.delete(id);
    // A newer event is waiting: its own inspection will tell.
    if (this.#goneMeanwhile.has(id) || this.#waiting.has(id) || this.#ended) return;
    const project = record?.project ?? this.#containers.get(id)?.project;
    if (record === undefined) this.#containers.delete(id);
    else
      this.#containers.set(
        id,
        hasEnded(record) && connection.heard.isOutOfMemory(id) ? { ...record, oomKilled: true } : record,
      );
    if (this.#fresh) this.#changed({ kind: 'container', id, action: 'inspected', project });
  }

  async #ping(): Promise<void> {
    await this.#options.connection.request({
      path: '/_ping',
      method: 'HEAD',
      signal: this.#signal(PING_LIMIT_MS),
    });
  }

  /** A failed background request counts as a lost engine only when the connection itself failed. */
  #check(error: unknown): void {
    if (this.#ended) return;
    if (error instanceof FlotillaError && error.code === 'engine-unavailable') this.#lose(error);
  }

  #signal(limitMs: number): AbortSignal {
    return AbortSignal.any([this.#stop.signal, AbortSignal.timeout(limitMs)]);
  }

  #changed(change: SnapshotChange): void {
    if (this.#ended) return;
    this.#revision += 1;
    this.#options.onChange(change);
  }

  #lose(reason: FlotillaError): void {
    if (this.#ended) return;
    this.dispose();
    this.#options.onLost(reason);
  }
}

/** A failed inspection says nothing of the engine where it was answered, or where this one answer does not come. */
const isOfOne = (error: unknown): error is FlotillaError =>
  error instanceof FlotillaError &&
  (error.detail?.['statusCode'] !== undefined || error.detail?.['errno'] === 'ETIMEDOUT');
