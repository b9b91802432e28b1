import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { RunRecord, RunSummary } from '#shared/domain/Run.ts';
import { compareRuns } from '#shared/runs/compareRuns.ts';
import { filterRuns } from '#shared/runs/filterRuns.ts';
import type { AppsService, LogService } from '../apps/AppsApi.ts';
import { WORKING_DIR_LABEL } from '../apps/containerSpec.ts';
import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';
import { settledClient } from '../engine/settledClient.ts';
import { logFolderName } from '../logs/logFolderName.ts';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';
import { hasEnded, type HeardEnd } from './advanceRun.ts';
import { AppRecorder } from './AppRecorder.ts';
import { exportRun } from './exportRun.ts';
import type { MetricsService } from '../metrics/MetricsApi.ts';
import { pinnedApp } from './pinnedApp.ts';
import { ResultCollector } from './results/ResultCollector.ts';
import { listResults, previewResult } from './results/ResultFiles.ts';
import { type RunDetail, RunFolder, workersOf } from './RunFolder.ts';
import { keepMetrics, measuredOf, readKeptMetrics } from './runMetrics.ts';
import { RunIndex } from './RunIndex.ts';
import type { RunsService } from './RunsApi.ts';
import { endOf, seenOf } from './seenOf.ts';
import { asItIs, BROKEN_OFF, endOfStudy, studyEntry } from './studyEntry.ts';

const LEDGER = 'ledger.jsonl';
/** Another Flotilla that records is looked at so often. */
const LOOK_MS = 250;
/** How many runs back a container that is being removed is looked for. */
const RUNS_BACK = 5;
/** Starts and ends that are kept in mind at most. */
const MOST_HEARD = 2_000;
const HEARD = new Set(['start', 'die', 'inspected']);

export interface RunsServiceOptions {
  engine: EngineService;
  apps: AppsService;
  logs: Pick<LogService, 'export'>;
  metrics: Pick<MetricsService, 'record' | 'history'>;
  dataFolder: string;
  /** Holds the studies; its lock is held while one is under way. */
  studiesFolder: string;
  /** Takes a study's own file away. */
  removeStudy: (run: RunSummary) => Promise<void>;
  log?: ((message: string) => void) | undefined;
}

/**
 * The ledger of runs, as files below the data folder: `ledger.jsonl` with a few lines for each run, and a folder for each with all that is kept of
 * it. Opened apps are recorded by themselves.
 */
export function createRunsService({
  engine,
  apps,
  logs,
  metrics,
  dataFolder,
  studiesFolder,
  removeStudy,
  log = () => undefined,
}: RunsServiceOptions): RunsService {
  const root = join(dataFolder, 'runs');
  const index = new RunIndex(join(root, LEDGER));
  const recorders = new Map<string, AppRecorder>();
  const heard = new Map<string, HeardEnd>();
  /** Containers that started, as they were then. */
  const lately = new Map<string, ContainerRecord>();
  const reruns = new Map<string, string>();
  const listeners = new Set<(appId: string) => void>();
  const changed = (appId: string): void => {
    for (const listener of [...listeners]) listener(appId);
  };
  const collector = new ResultCollector({ root, index, client: () => engine.client(), changed });

  const recorderOf = (appId: string): AppRecorder => {
    const recorder =
      recorders.get(appId) ??
      new AppRecorder(
        {
          root,
          index,
          heard,
          log,
          look() {
            const facts = apps.runFacts(appId);
            if (facts === undefined || engine.state.phase !== 'ready' || !engine.snapshot.fresh)
              return undefined;
            const vanished = [...lately.values()].filter(
              ({ id, project, labels, oneOff }) =>
                project === facts.app.name &&
                labels[WORKING_DIR_LABEL] === facts.path &&
                !oneOff &&
                !engine.snapshot.containers.has(id),
            );
            return { facts, containers: apps.containers(appId), vanished, client: engine.client() };
          },
          rerunOf: () => reruns.get(appId),
          collect: (run, worker, service) =>
            void collector.collect(run, worker, service).catch((error: unknown) => {
              log(`results of ${worker.key}: ${String(error)}`);
            }),
          missed: (run, worker) => collector.missed(run, worker),
          measure: (onReading) => metrics.record(appId, onReading),
          keepMetrics: (run, detail) =>
            keepMetrics(metrics, new RunFolder(root, run), run, workersOf(detail)).catch((error: unknown) => {
              log(`metrics of run ${run.id}: ${String(error)}`);
            }),
          changed: () => changed(appId),
        },
        appId,
      );
    recorders.set(appId, recorder);
    return recorder;
  };
  const appsHeard = apps.onApp((change) => {
    if (change.kind === 'app' && change.app.origin === 'folder') recorderOf(change.app.id).touch();
  });
  const engineHeard = engine.onSnapshot((change, { containers }) => {
    if (change.kind !== 'container' || !HEARD.has(change.action)) return;
    const record = containers.get(change.id);
    if (record === undefined) return;
    if (change.action === 'start') keep(lately, change.id, record);
    const end = endOf(seenOf(record));
    if (end !== undefined) keep(heard, change.id, end);
  });
  const removalHeard = apps.onRemoval(async (appId, containerId, tell) => {
    try {
      await recorderOf(appId).leaving(containerId);
      const found = await withResults(appId, containerId);
      if (found === undefined) return;
      tell(`Copying the results of ${found.worker.key}`);
      await collector.collect(found.run, found.worker, found.service);
    } catch (error) {
      log(`results of ${containerId.slice(0, 12)}: ${String(error)}`);
    }
  });

  /** The run of a container whose service has results; another Flotilla may be about to write it down. */
  const withResults = async (appId: string, containerId: string) => {
    if (apps.runFacts(appId)?.app.services.every(({ results }) => results === undefined) === true)
      return undefined;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await index.refresh();
      for (const run of index.runs(appId).slice(0, RUNS_BACK)) {
        const detail = await new RunFolder(root, run).read();
        const worker = detail.workers.get(containerId);
        const service = worker === undefined ? undefined : detail.services.get(worker.service);
        if (worker !== undefined)
          return service?.results === undefined ? undefined : { run, worker, service };
      }
      await delay(LOOK_MS);
    }
    return undefined;
  };

  const find = async (id: string): Promise<RunSummary> => {
    await index.refresh();
    const exact = index.get(id);
    const like =
      exact !== undefined
        ? [exact]
        : id.length < 3
          ? []
          : index.list().filter((run) => run.id.startsWith(id));
    const [only] = like;
    if (only !== undefined && like.length === 1) return asItIs(only, SpoolLock.isHeld(studiesFolder));
    throw new FlotillaError(
      'not-found',
      like.length > 1 ? `“${id}” begins the names of ${like.length} runs.` : `There is no run “${id}”.`,
      { hint: like.length > 1 ? 'Give more of it.' : '`flotilla runs` lists what there is.' },
    );
  };

  const recordOf = async (
    run: RunSummary,
  ): Promise<{ record: RunRecord; detail: RunDetail; folder: RunFolder }> => {
    const folder = new RunFolder(root, run);
    const detail = await folder.read();
    const record: RunRecord = {
      summary: { ...run },
      host: detail.host,
      git: detail.git,
      services: [...detail.services.values()],
      workers: workersOf(detail).sort((a, b) => a.startedAt - b.startedAt || a.key.localeCompare(b.key)),
      results: [...detail.results.values()].sort((a, b) =>
        a.worker.localeCompare(b.worker, undefined, { numeric: true }),
      ),
      collecting: collector.going(run.id),
      compose: await readFile(folder.compose, 'utf8').catch(() => undefined),
      hasMetrics: existsSync(folder.metrics),
      folder: folder.path,
      logs: join(dataFolder, 'logs', logFolderName(run.appId)),
    };
    return { record, detail, folder };
  };
  const compared = async (id: string) => {
    const { record } = await recordOf(
      noStudy(await find(id), 'compared with a run', 'flotilla studies compare'),
    );
    return { ...record, config: record.compose === undefined ? {} : (parse(record.compose) as unknown) };
  };

  /** Resolves with what `look` says once it says something; looks when something has changed, and now and then. */
  const until = async <Result>(
    signal: AbortSignal,
    look: () => Promise<Result | undefined>,
  ): Promise<Result> => {
    for (;;) {
      signal.throwIfAborted();
      await index.refresh();
      const found = await look();
      if (found !== undefined) return found;
      await delay(LOOK_MS, undefined, { signal });
    }
  };

  return {
    async list({ appId, filter = '', offset = 0, limit }) {
      await index.refresh();
      const isStudying = SpoolLock.isHeld(studiesFolder);
      const all = index.list(appId).map((run) => asItIs(run, isStudying));
      const matching = filterRuns(all, filter);
      return {
        runs: matching.slice(offset, limit === undefined ? undefined : offset + limit),
        matching: matching.length,
        total: all.length,
      };
    },
    find,
    show: async (id) => (await recordOf(await find(id))).record,
    compare: async (left, right) => compareRuns(await compared(left), await compared(right)),
    async metrics(id) {
      const run = await find(id);
      const kept = await readKeptMetrics(new RunFolder(root, run));
      if (kept !== null || run.closedAt !== undefined) return kept;
      return measuredOf(metrics, run, workersOf(await new RunFolder(root, run).read()));
    },
    async annotate(id, { name, note, tags }) {
      const run = await find(id);
      await index.append({
        id: run.id,
        ...(name === undefined ? {} : { name: name === '' ? null : name }),
        ...(note === undefined ? {} : { note: note === '' ? null : note }),
        ...(tags === undefined ? {} : { tags: tags.length === 0 ? null : [...new Set(tags)] }),
      });
      changed(run.appId);
      return run;
    },
    async remove(id) {
      const run = await find(id);
      if (run.closedAt === undefined || collector.going(run.id).length > 0)
        throw new FlotillaError('conflict', `${run.kind === 'study' ? 'Study' : 'Run'} ${run.id} goes on.`, {
          hint: run.kind === 'study' ? 'Cancel it first.' : 'Stop the app first.',
        });
      const { path } = new RunFolder(root, run);
      if (run.kind === 'study') await removeStudy(run);
      await index.remove(run);
      // What cannot be removed at once is out of the way at least.
      const aside = `${path}.deleted`;
      await rename(path, aside).catch(() => undefined);
      await rm(aside, { recursive: true, force: true });
      changed(run.appId);
    },
    async rerun(id, { signal }) {
      const run = noStudy(await find(id), 'run again as it was', 'flotilla study');
      const { folder, detail } = await recordOf(run);
      const app = await apps.open(run.path);
      const client = await settledClient(engine);
      if (app.id !== run.appId)
        throw new FlotillaError('not-found', `The folder of run ${run.id} is another one now: ${run.path}.`);
      await recorderOf(run.appId).settle();
      const live = apps.containers(run.appId).some(({ state }) => state === 'running' || state === 'paused');
      if (live)
        throw new FlotillaError('conflict', `${run.title} runs.`, {
          hint: 'Stop it, then run this one again.',
        });
      const instead = await pinnedApp(run, folder, detail, apps.runFacts(run.appId)?.app, client);
      for (const { name, replicas } of instead.app.services)
        if (apps.runFacts(run.appId)?.requested(name) !== replicas)
          await apps.request(run.appId, name, replicas);
      reruns.set(run.appId, run.rerunOf ?? run.id);
      try {
        return await apps.up(run.appId, { build: 'never', instead, signal });
      } finally {
        await recorderOf(run.appId).settle();
        reruns.delete(run.appId);
      }
    },
    async *export({ id, path, format }, signal) {
      const run = noStudy(await find(id), 'exported here', 'flotilla studies export');
      const { record } = await recordOf(run);
      yield* exportRun(record, logOf(logs, run, signal), { path, format }, signal);
    },
    async listResults(id, worker, path) {
      return listResults(new RunFolder(root, await find(id)), worker, path);
    },
    async previewResult(id, worker, path) {
      return previewResult(new RunFolder(root, await find(id)), worker, path);
    },
    onChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    async newest(appId) {
      await recorderOf(appId).settle();
      await index.refresh();
      return index.runs(appId)[0];
    },
    async noteStudy(record, path, end) {
      await index.refresh();
      const { id, appId } = record.plan;
      // One goes on at a time: any other that has no end was left by a Flotilla that ended.
      if (end === undefined)
        for (const other of index.list())
          if (other.kind === 'study' && other.outcome === undefined && other.id !== id)
            await index.append({ id: other.id, ...endOfStudy(BROKEN_OFF) });
      await index.append(
        index.get(id) === undefined
          ? { ...studyEntry(record, path), ...endOfStudy(end) }
          : { id, made: studyEntry(record, path).made, ...endOfStudy(end) },
      );
      changed(appId);
    },
    ended: (id, { closed = false, signal }) =>
      until(signal, async () => {
        const run = await find(id);
        await recorders.get(run.appId)?.settle();
        return run.closedAt !== undefined || (!closed && run.outcome !== undefined) ? run : undefined;
      }),
    collected: (id, signal) =>
      until(signal, async () => {
        const { record, detail } = await recordOf(await find(id));
        const isDone = record.workers.every(
          (worker) =>
            detail.services.get(worker.service)?.results === undefined ||
            (hasEnded(worker) && detail.results.has(worker.containerId)),
        );
        return isDone && record.collecting.length === 0 ? record : undefined;
      }),
    async dispose() {
      void appsHeard.dispose();
      void engineHeard.dispose();
      await Promise.all([...recorders.values()].map((recorder) => recorder.dispose()));
      await collector.dispose();
      void removalHeard.dispose();
      listeners.clear();
    },
  };
}

/** @throws FlotillaError `invalid-input` for a study, which has other ways */
function noStudy(run: RunSummary, what: string, command: string): RunSummary {
  if (run.kind !== 'study') return run;
  throw new FlotillaError('invalid-input', `${run.id} is a study, and cannot be ${what}.`, {
    hint: `\`${command}\` is for studies.`,
  });
}

/** Puts something in mind, and forgets the oldest of it. */
function keep<Value>(mind: Map<string, Value>, id: string, value: Value): void {
  mind.delete(id);
  mind.set(id, value);
  const [oldest] = mind.keys();
  if (mind.size > MOST_HEARD && oldest !== undefined) mind.delete(oldest);
}

/** The lines of a run out of the app's log; none where it cannot be read. */
async function* logOf(
  logs: Pick<LogService, 'export'>,
  { appId, startedAt, closedAt }: RunSummary,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const query = { fromMs: startedAt, ...(closedAt === undefined ? {} : { toMs: closedAt + 1_000 }) };
  try {
    for await (const items of logs.export({ appId, query, format: 'text' }, signal))
      for (const { text } of items) if (text !== '') yield text;
  } catch {
    // The engine is gone, or the app is not open: the rest of the run is exported all the same.
  }
}
