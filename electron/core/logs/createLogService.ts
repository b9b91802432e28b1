import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorShape, FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { DisposableStack } from '#shared/domain/Disposable.ts';
import type { LogHistogram, LogRows, LogViewState, LogWorkerCounts } from '#shared/domain/LogView.ts';
import { compileLogQuery } from '#shared/logs/compileLogQuery.ts';
import { formatLogJson, formatLogText } from '#shared/logs/formatLogLine.ts';
import type { AppsService, LogExportItem, LogItem, LogRequest, LogService } from '../apps/AppsApi.ts';
import type { CallOutput } from '#shared/contract/calls.ts';
import { engineAddress } from '../engine/engineAddress.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import { ContainerWatch } from './ContainerWatch.ts';
import { logFolderName } from './logFolderName.ts';
import { LogThreads } from './LogThreads.ts';
import type { Pulled } from './threads/threadMessages.ts';

/** Lines of a log that is seen for the first time, of all workers of an app together, and the fewest of each. */
const BACKLOG_LINES = 1_000_000;
const LEAST_BACKLOG_LINES = 10_000;
const MOST_BACKLOG_LINES = 200_000;
/** More than any log has. */
const EVERY_LINE = 2_000_000_000;
const PULL_LINES = 2_000;
const EXPORT_LINES = 4_000;
/** Once the engine has given what it has; it may be busy for a while. */
const SETTLE_MS = 600_000;
const SETTLE_FOLLOWED_MS = 10_000;

export interface LogServiceOptions {
  engine: EngineService;
  apps: Pick<AppsService, 'views' | 'containers' | 'onApp'>;
  /** Holds a folder for each app. */
  folder: string;
  workerFile: string;
  /** Bytes on disk that each app's log may take. */
  limitBytes: number;
  /** Keeps the logs of all opened projects, also while nobody looks. */
  keepLogs: boolean;
  log?: ((message: string) => void) | undefined;
}

/** What a reader needs of an app's spool. */
interface Wanted {
  follow: boolean;
  sinceMs?: number | undefined;
  /** Lines to read of a log that is seen for the first time; undefined: the usual number. */
  backlog?: number | undefined;
}

interface OpenApp {
  /** What the threads call this opening of it. */
  name: string;
  /** Readers of it; the keeping of logs counts as one. */
  users: number;
  isKept: boolean;
  wanted: Wanted;
  folder: string;
  isScratch: boolean;
  /** Its containers were told. */
  ready: Promise<void>;
}

/** Logs of apps: kept in a spool on disk by one thread, read from there by another. */
export function createLogService(options: LogServiceOptions): LogService {
  const { engine, apps, folder, workerFile, limitBytes, keepLogs, log } = options;
  const open = new Map<string, OpenApp>();
  const streams = new Map<string, () => void>();
  const owned = new DisposableStack();
  let openings = 0;

  const threads = new LogThreads({
    workerFile,
    onStream(key, isOpen, purpose) {
      streams.get(key)?.();
      streams.delete(key);
      if (isOpen) streams.set(key, engine.liveStreams.add(purpose));
    },
    onFault: (message) => log?.(`log engine: ${message}`),
    onSpoolLost() {
      for (const release of streams.values()) release();
      streams.clear();
      tellPlace();
      for (const [appId, app] of open) openSpool(appId, app);
    },
  });

  const watch = new ContainerWatch(engine, apps, (appId, containers, isComplete) => {
    const app = open.get(appId);
    if (app !== undefined) threads.toSpool({ type: 'containers', app: app.name, containers, isComplete });
  });

  const tellPlace = (): void => {
    const { state } = engine;
    if (state.phase !== 'ready') {
      if (threads.isSpooling) threads.toSpool({ type: 'engine', place: null });
      return;
    }
    const { endpoint, info } = engine.client();
    threads.toSpool({
      type: 'engine',
      place: { address: engineAddress(endpoint), apiVersion: info.apiVersion },
    });
  };

  const openSpool = (appId: string, app: OpenApp): void => {
    const workers = Math.max(1, apps.containers(appId).length);
    const share = Math.floor(BACKLOG_LINES / workers);
    const usual = Math.min(MOST_BACKLOG_LINES, Math.max(LEAST_BACKLOG_LINES, share));
    const { follow, sinceMs, backlog } = app.wanted;
    threads.toSpool({
      type: 'open',
      app: app.name,
      folder: app.folder,
      limitBytes,
      // What is kept for later is never less than usual.
      backlogLines: app.isScratch ? (backlog ?? usual) : Math.max(backlog ?? 0, usual),
      follow,
      sinceMs: app.isScratch ? sinceMs : undefined,
    });
    app.ready = watch.add(appId);
  };

  /** Keeps an app's spool open until `release` is called. */
  const retain = (appId: string, wanted: Wanted, isKeeper = false): { app: OpenApp; release: () => void } => {
    let app = open.get(appId);
    if (app === undefined) {
      if (open.size === 0) tellPlace();
      const kept = join(folder, logFolderName(appId));
      // A command that only reads leaves nothing behind, unless a window keeps this app's log anyway.
      const isScratch = !keepLogs && !existsSync(kept);
      app = {
        name: `${appId}#${(openings += 1)}`,
        users: 0,
        isKept: false,
        wanted,
        folder: isScratch ? mkdtempSync(join(tmpdir(), 'flotilla-log-')) : kept,
        isScratch,
        ready: Promise.resolve(),
      };
      open.set(appId, app);
      openSpool(appId, app);
    }
    if (isKeeper) app.isKept = true;
    app.users += 1;
    const used = app;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      used.users -= 1;
      if (used.users > 0 || open.get(appId) !== used) return;
      closeApp(appId, false);
    };
    return { app: used, release };
  };

  const closeApp = (appId: string, remove: boolean): void => {
    const app = open.get(appId);
    if (app === undefined) return;
    open.delete(appId);
    watch.remove(appId);
    threads.toSpool({ type: 'close', app: app.name, remove: remove || app.isScratch });
  };

  owned.add(engine.onState(() => open.size > 0 && tellPlace()));
  if (keepLogs) {
    const keep = (appId: string, origin: 'folder' | 'engine'): void => {
      if (origin !== 'folder' || open.get(appId)?.isKept === true || apps.containers(appId).length === 0)
        return;
      retain(appId, { follow: true }, true);
    };
    for (const view of apps.views()) keep(view.id, view.origin);
    owned.add(
      apps.onApp((change) => {
        if (change.kind === 'app') keep(change.app.id, change.app.origin);
        // Taken off the list: its history goes with it.
        else closeApp(change.appId, true);
      }),
    );
  }
  owned.add(watch);

  const needApp = (appId: string): void => {
    if (apps.views().some((view) => view.id === appId)) return;
    throw new FlotillaError('not-found', 'There is no such app.', { hint: 'Open its folder again.' });
  };

  async function* openView(
    { appId, query }: Parameters<LogService['openView']>[0],
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<'logView'>[]> {
    needApp(appId);
    compileLogQuery(query);
    const { app, release } = retain(appId, { follow: true });
    let state: LogViewState | undefined;
    let failure: ErrorShape | undefined;
    let wake: (() => void) | undefined;
    const view = threads.openView(app.name, query, {
      onState(next) {
        // A reader that was slow must still hear of every change.
        const before = state?.changedSinceUs;
        const now = next.changedSinceUs;
        const changedSinceUs = before === undefined ? now : Math.min(before, now ?? before);
        state = { ...next, ...(changedSinceUs === undefined ? {} : { changedSinceUs }) };
        wake?.();
      },
      onFailed(error) {
        failure = error;
        wake?.();
      },
    });
    const onAbort = (): void => wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield [{ kind: 'opened', viewId: view }];
      while (!signal.aborted) {
        if (failure !== undefined) throw FlotillaError.fromShape(failure);
        if (state !== undefined) {
          const told = state;
          state = undefined;
          yield [{ kind: 'state', state: told }];
          continue;
        }
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      threads.closeView(view);
      release();
    }
  }

  async function* pulls(request: LogRequest, most: number, signal: AbortSignal): AsyncGenerator<Pulled> {
    const { appId, services, sinceMs } = request;
    needApp(appId);
    const follow = request.follow ?? true;
    const query = {
      ...request.query,
      ...(services === undefined ? {} : { services }),
      ...(sinceMs === undefined ? {} : { fromMs: Math.max(sinceMs, request.query?.fromMs ?? 0) }),
    };
    compileLogQuery(query);
    const { app, release } = retain(appId, {
      follow: follow || keepLogs,
      sinceMs,
      backlog: request.tail ?? EVERY_LINE,
    });
    let isReady = false;
    let failure: ErrorShape | undefined;
    let wake: (() => void) | undefined;
    let cursor: string | undefined;
    const onAbort = (): void => wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // What is kept is at hand already; else the engine's part is waited for.
      if (!app.isKept) {
        const limit = app.wanted.follow ? SETTLE_FOLLOWED_MS : SETTLE_MS;
        await aborted(
          app.ready.then(() => threads.settle(app.name, limit)),
          signal,
        );
      }
      if (signal.aborted) return;
      cursor = threads.openCursor(
        { app: app.name, query, tail: request.tail, isSnapshot: !follow },
        {
          onReady() {
            isReady = true;
            wake?.();
          },
          onFailed(error) {
            failure = error;
            wake?.();
          },
        },
      );
      let isFirst = true;
      while (!signal.aborted) {
        if (failure !== undefined) throw FlotillaError.fromShape(failure);
        if (!isReady) {
          if (!follow && !isFirst) return;
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
          continue;
        }
        isReady = false;
        isFirst = false;
        const pulled = await threads.ask<Pulled>({ ask: 'pull', cursor, most }).catch((error: unknown) => {
          throw failure === undefined ? error : FlotillaError.fromShape(failure);
        });
        if (pulled.remaining > 0) isReady = true;
        if (pulled.items.length > 0) yield pulled;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (cursor !== undefined) threads.closeCursor(cursor);
      release();
    }
  }

  return {
    async *follow(request, signal): AsyncGenerator<LogItem[]> {
      for await (const { items } of pulls(request, PULL_LINES, signal)) yield items;
    },
    openView,
    async *export({ appId, query, format }, signal): AsyncGenerator<LogExportItem[]> {
      let total = 0;
      let done = 0;
      const request = { appId, query: { ...query, hideNotices: true }, follow: false };
      for await (const { items, remaining } of pulls(request, EXPORT_LINES, signal)) {
        const lines = items.flatMap((item) => (item.kind === 'lines' ? item.lines : []));
        const skipped = items.flatMap((item) =>
          item.kind === 'notice' && item.notice.kind === 'skipped' ? [item.notice] : [],
        );
        done += lines.length;
        total = Math.max(total, done + remaining);
        const text = lines.map((line) =>
          format === 'jsonl' ? formatLogJson(line) : formatLogText(line, { timestamps: true }),
        );
        for (const { count, worker } of skipped)
          text.push(
            format === 'jsonl'
              ? JSON.stringify({ skipped: count, worker })
              : `— ${count} lines of ${worker ?? 'the app'} are not kept any more`,
          );
        yield [{ text: text.length === 0 ? '' : `${text.join('\n')}\n`, done: total - remaining, total }];
      }
    },
    rows: ({ maxChars, ...question }) =>
      threads.ask<LogRows>({
        ask: 'rows',
        view: question.viewId,
        anchor: question.anchor,
        before: question.before,
        count: question.count,
        maxChars: maxChars ?? 4096,
      }),
    next: ({ viewId, from, direction }) =>
      threads.ask<Exclude<CallOutput<'logs.next'>, undefined>>({
        ask: 'next',
        view: viewId,
        from,
        direction,
      }),
    histogram: ({ viewId, ...question }) =>
      threads.ask<LogHistogram>({ ask: 'histogram', view: viewId, ...question }),
    workerCounts: ({ viewId, ...question }) =>
      threads.ask<LogWorkerCounts>({ ask: 'workerCounts', view: viewId, ...question }),
    stopScan: ({ viewId }) => threads.ask<null>({ ask: 'stopScan', view: viewId }),
    locate: ({ viewId, ids }) => threads.ask<(number | null)[]>({ ask: 'locate', view: viewId, ids }),
    row: ({ viewId, id }) => threads.ask<CallOutput<'logs.row'>>({ ask: 'row', view: viewId, rowId: id }),
    async dispose() {
      await owned.dispose();
      for (const appId of [...open.keys()]) closeApp(appId, false);
      await threads.dispose();
      for (const release of streams.values()) release();
      streams.clear();
    },
  };
}

/** Resolves when the promise does, or when the signal aborts. */
function aborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    void promise.then(resolve);
  });
}
