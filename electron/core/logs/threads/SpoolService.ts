import { existsSync, rmSync } from 'node:fs';
import type { LogWorkerState } from '#shared/domain/LogView.ts';
import { ContainerFollower } from '../follow/ContainerFollower.ts';
import type { EnginePlace } from '../follow/openLogConnection.ts';
import { AppSpool, type SpooledContainer } from '../spool/AppSpool.ts';
import { readBlockFile, records } from '../spool/readBlock.ts';
import type {
  ContainerIndex,
  FollowedContainer,
  FromSpool,
  OpenSpool,
  SpoolState,
  SpoolToViews,
  ToSpool,
  ViewsToSpool,
} from './threadMessages.ts';

/** Lines are put where views see them this long after the first came: while somebody looks, and while nobody does. */
const WATCHED_FLUSH_MS = 40;
const UNWATCHED_FLUSH_MS = 1_000;
const STATE_MS = 250;
const RATE_WINDOW_MS = 1_000;
/** A stack trace is written within this time. */
const LONGEST_TRACE_MICROS = 5_000_000;
const RETRY_DISK_MS = 10_500;
/** A followed log that is silent for so long has given what it had. */
const SILENCE_MS = 300;

/** One app's spool with those who write to it. */
interface App {
  request: OpenSpool;
  spool: AppSpool;
  followers: Map<string, ContainerFollower>;
  subscribed: number;
  flush: NodeJS.Timeout | undefined;
  flushIsSoon: boolean;
  state: NodeJS.Timeout | undefined;
  retry: NodeJS.Timeout | undefined;
  rate: { at: number; lines: number; perSecond: number };
}

/** A port as far as it is used here: worker threads, channels and tests have one. */
export interface Channel<Out> {
  postMessage(message: Out, transfer?: readonly unknown[]): void;
}

/** The writing half of the log engine: follows containers and spools what they say. Runs in a thread of its own. */
export class SpoolService {
  readonly #out: Channel<FromSpool>;
  #views: Channel<SpoolToViews> | undefined;
  #place: EnginePlace | null = null;
  readonly #apps = new Map<string, App>();
  /** Asked for by the reading thread before the word to open them was here. */
  readonly #early = new Set<string>();

  constructor(out: Channel<FromSpool>) {
    this.#out = out;
  }

  receive(message: Exclude<ToSpool, { type: 'views' }>): void {
    switch (message.type) {
      case 'engine':
        this.#place = message.place;
        for (const app of this.#apps.values())
          for (const follower of app.followers.values()) follower.engineChanged();
        return;
      case 'open':
        return this.#open(message);
      case 'containers':
        return this.#containers(message.app, message.containers, message.isComplete);
      case 'close':
        return this.#close(message.app, message.remove);
      case 'settle':
        return void this.#settle(message.app, message.limitMs).then(() =>
          this.#out.postMessage({ type: 'reply', id: message.id }),
        );
      case 'stop':
        for (const name of [...this.#apps.keys()]) this.#close(name, false);
        this.#out.postMessage({ type: 'reply', id: message.id });
    }
  }

  /** The thread that reads; a new one after it had to be ended. */
  attachViews(views: Channel<SpoolToViews>): void {
    this.#views = views;
    for (const app of this.#apps.values()) app.subscribed = 0;
    this.#early.clear();
  }

  receiveFromViews(message: ViewsToSpool): void {
    const app = this.#apps.get(message.app);
    if (app === undefined) {
      if (message.type === 'subscribe') this.#early.add(message.app);
      else this.#early.delete(message.app);
      return;
    }
    if (message.type === 'unsubscribe') {
      app.subscribed = Math.max(0, app.subscribed - 1);
      return;
    }
    app.subscribed += 1;
    app.spool.flush();
    const containers = [...app.spool.containers.values()].map((entry) => {
      entry.spool.takeChanges();
      return indexOf(entry, entry.spool.table.first);
    });
    this.#views?.postMessage({ type: 'app', app: message.app, containers, state: this.#stateOf(app) });
  }

  #open(request: OpenSpool): void {
    if (this.#apps.has(request.app)) return;
    const name = request.app;
    const app: App = {
      request,
      followers: new Map(),
      subscribed: 0,
      flush: undefined,
      flushIsSoon: false,
      state: undefined,
      retry: undefined,
      rate: { at: Date.now(), lines: 0, perSecond: 0 },
      spool: new AppSpool(request.folder, request.limitBytes, {
        onDirty: () => this.#scheduleFlush(name),
        onEvicted: (container) => this.#evicted(name, container),
        onWarnings: () => this.#warned(name),
      }),
    };
    this.#apps.set(name, app);
    app.rate.lines = endLines(app);
    if (app.spool.warnings.length > 0) this.#warned(name);
    if (this.#early.delete(name)) this.receiveFromViews({ type: 'subscribe', app: name });
  }

  #containers(name: string, containers: FollowedContainer[], isComplete: boolean): void {
    const app = this.#apps.get(name);
    if (app === undefined) return;
    const present = new Set<string>();
    for (const container of containers) {
      present.add(container.id);
      const known = app.followers.get(container.id);
      if (known !== undefined) known.update(container);
      else this.#follow(app, container);
    }
    if (isComplete) for (const [id, follower] of app.followers) if (!present.has(id)) follower.update(null);
    this.#scheduleState(app);
  }

  #follow(app: App, container: FollowedContainer): void {
    const { request } = app;
    const entry = app.spool.container(container.id, container.worker, container.service);
    const key = `${request.app}/${container.id}`;
    const follower = new ContainerFollower(container, {
      engine: () => this.#place,
      entry,
      backlog: request.backlogLines,
      follow: request.follow,
      sinceMs: request.sinceMs,
      keptSince: (micros, nanos) => keptSince(entry, micros, nanos),
      saveMeta: () => app.spool.saveMeta(entry),
      onChange: () => this.#scheduleState(app),
      onStream: (isOpen, purpose) => this.#out.postMessage({ type: 'stream', key, isOpen, purpose }),
    });
    app.followers.set(container.id, follower);
    follower.update(container);
  }

  #close(name: string, remove: boolean): void {
    const app = this.#apps.get(name);
    if (app === undefined) return;
    this.#apps.delete(name);
    clearTimeout(app.flush);
    clearTimeout(app.state);
    clearTimeout(app.retry);
    for (const follower of app.followers.values()) follower.dispose();
    app.spool.close();
    if (remove && existsSync(app.request.folder))
      rmSync(app.request.folder, { recursive: true, force: true });
    this.#views?.postMessage({ type: 'closed', app: name });
  }

  async #settle(name: string, limitMs: number): Promise<void> {
    const began = Date.now();
    for (;;) {
      const app = this.#apps.get(name);
      if (app === undefined) return;
      const isSettled = [...app.followers.values()].every(
        (follower) =>
          follower.isCaughtUp ||
          follower.container.state === 'created' ||
          (app.request.follow && follower.hasReached(began * 1000, SILENCE_MS)),
      );
      if (isSettled || Date.now() > began + limitMs) {
        this.#flush(name);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #scheduleFlush(name: string): void {
    const app = this.#apps.get(name);
    if (app === undefined) return;
    const isSoon = app.subscribed > 0;
    if (app.flush !== undefined && (app.flushIsSoon || !isSoon)) return;
    clearTimeout(app.flush);
    app.flushIsSoon = isSoon;
    app.flush = setTimeout(() => this.#flush(name), isSoon ? WATCHED_FLUSH_MS : UNWATCHED_FLUSH_MS);
  }

  #flush(name: string): void {
    const app = this.#apps.get(name);
    if (app === undefined) return;
    clearTimeout(app.flush);
    app.flush = undefined;
    for (const entry of app.spool.containers.values()) {
      entry.spool.flush();
      const changed = entry.spool.takeChanges();
      if (changed === undefined) continue;
      if (app.subscribed > 0)
        this.#views?.postMessage({ type: 'grown', app: name, container: indexOf(entry, changed) });
    }
    this.#scheduleState(app);
  }

  #evicted(name: string, container: number): void {
    const app = this.#apps.get(name);
    const entry = app?.spool.containers.get(container);
    if (app === undefined || entry === undefined || app.subscribed === 0) return;
    this.#views?.postMessage({
      type: 'evicted',
      app: name,
      container,
      firstBlock: entry.spool.table.first,
    });
  }

  #warned(name: string): void {
    const app = this.#apps.get(name);
    if (app === undefined) return;
    this.#scheduleState(app);
    clearTimeout(app.retry);
    app.retry = setTimeout(() => app.spool.retryDisk(), RETRY_DISK_MS);
    app.retry.unref();
  }

  #scheduleState(app: App): void {
    if (app.state !== undefined || app.subscribed === 0) return;
    app.state = setTimeout(() => {
      app.state = undefined;
      if (app.subscribed === 0) return;
      const state = this.#stateOf(app);
      this.#views?.postMessage({ type: 'state', app: app.request.app, state });
      // The rate falls to nothing by itself.
      if (state.linesPerSecond > 0) this.#scheduleState(app);
    }, STATE_MS);
  }

  #stateOf(app: App): SpoolState {
    const now = Date.now();
    const elapsed = now - app.rate.at;
    if (elapsed >= RATE_WINDOW_MS) {
      const lines = endLines(app);
      app.rate = { at: now, lines, perSecond: Math.round(((lines - app.rate.lines) * 1000) / elapsed) };
    }
    const workers = [...app.spool.containers.values()].map((entry): LogWorkerState => {
      const follower = app.followers.get(entry.meta.id);
      return {
        worker: entry.meta.worker,
        service: entry.meta.service,
        state: follower?.state ?? 'kept',
        lines: entry.spool.endLine - entry.spool.firstLine,
        ...(follower?.message === undefined ? {} : { message: follower.message }),
      };
    });
    return {
      workers,
      evictedLines: app.spool.evictedLines,
      spoolBytes: app.spool.diskBytes,
      spoolLimitBytes: app.spool.limitBytes,
      linesPerSecond: app.rate.perSecond,
      warnings: app.spool.warnings,
    };
  }
}

function endLines(app: App): number {
  let sum = 0;
  for (const { spool } of app.spool.containers.values()) sum += spool.endLine;
  return sum;
}

/** What the reading thread needs to know of a container, from a block on. */
export function indexOf({ spool, meta, folder }: SpooledContainer, fromBlock: number): ContainerIndex {
  return {
    number: meta.number,
    worker: meta.worker,
    service: meta.service,
    folder,
    fromBlock,
    entries: spool.table.slice(fromBlock),
    memory: spool.segments.flatMap(({ number, memory }) =>
      memory === undefined ? [] : [{ number, memory }],
    ),
  };
}

/** Times of the container's own lines that are kept at or after a moment, in the order of its log. */
function keptSince(
  { spool, folder }: SpooledContainer,
  micros: number,
  nanos: number,
): { micros: number; nanos: number }[] {
  spool.flush();
  const kept: { micros: number; nanos: number }[] = [];
  const { table } = spool;
  // A line that continues another has the key of its head, which is older than its own time.
  const from = Math.min(table.findKey(micros - LONGEST_TRACE_MICROS), table.end - 1);
  for (let block = Math.max(table.first, from); block < table.end; block += 1) {
    const place = { segment: table.segment(block), offset: table.offset(block), bytes: table.bytes(block) };
    const memory = spool.segments.find((segment) => segment.number === place.segment)?.memory;
    const bytes =
      memory === undefined ? readBlockFile(folder, place) : new Uint8Array(memory, place.offset, place.bytes);
    for (const record of records(bytes)) {
      if (record.isNotice) continue;
      if (record.micros > micros || (record.micros === micros && record.nanos >= nanos))
        kept.push({ micros: record.micros, nanos: record.nanos });
    }
  }
  return kept;
}
