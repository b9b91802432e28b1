import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { StudyPlan, StudyRecord } from '#shared/domain/Study.ts';
import { remainingRuns } from '#shared/study/planRuns.ts';
import type { AppsService } from '../apps/AppsApi.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import { type ContainerSummary, PROJECT_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import { settledClient } from '../engine/settledClient.ts';
import type { RunsService } from '../runs/RunsApi.ts';
import type { MeasuringGate } from './MeasuringGate.ts';
import { planStudy, settingsDigest } from './planStudy.ts';
import { runStudy } from './runStudy.ts';
import { removeAll, STUDY_LABEL } from './StudyContainers.ts';
import { studyEnd } from './studyEnd.ts';
import type { StudyRequest, StudyService } from './StudyApi.ts';
import { StudyFile } from './StudyFile.ts';
import { lockedFolder, type Turn } from './Turn.ts';

const APP_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Studies as files below a folder, one folder an app. One study runs at a time, and none beside a sweep, also among several Flotillas that share the folder. */
export function createStudyService({
  engine,
  apps,
  ledger,
  folder,
  gate,
  turn,
}: {
  engine: EngineService;
  apps: AppsService;
  /** Where each study is an entry. */
  ledger: Pick<RunsService, 'noteStudy'>;
  folder: string;
  /** Closed while times are taken. */
  gate: MeasuringGate;
  turn: Turn;
}): StudyService {
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  let underWay: string | undefined;

  const folderOf = (appId: string): string => {
    if (!APP_ID.test(appId)) throw new FlotillaError('not-found', 'This app is not on the list.');
    return join(folder, appId);
  };
  const pathOf = (plan: StudyPlan): string =>
    join(folderOf(plan.appId), `${String(plan.createdAt).padStart(15, '0')}-${plan.id}.jsonl`);

  const recordsIn = async (path: string): Promise<StudyRecord[]> => {
    const names = (await readdir(path).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort();
    const records = await Promise.all(
      names.reverse().map((name) => StudyFile.read(join(path, name)).catch(() => undefined)),
    );
    return records.filter((record) => record !== undefined);
  };

  /** Does the work when no other study does; `work` gets a signal that also ends with the service. */
  const alone = <Result>(
    request: StudyRequest,
    work: (request: StudyRequest) => Promise<Result>,
  ): Promise<Result> => {
    const signal = AbortSignal.any([request.signal, ending.signal]);
    const onQueued = (): void => request.onNews({ kind: 'queued' });
    const whole = turn
      .take(signal, onQueued, async () => {
        const lock = await lockedFolder(folder, signal, onQueued);
        try {
          await removeLeftovers(await settledClient(engine));
          return await work({ ...request, signal });
        } finally {
          lock.release();
        }
      })
      .finally(() => running.delete(whole));
    running.add(whole);
    return whole;
  };

  /** What studies have left that ended with their process; nobody else makes any while the lock is held. */
  const removeLeftovers = async (client: EngineClient): Promise<void> => {
    const left = await client.request<ContainerSummary[]>({
      path: '/containers/json',
      query: { all: true, filters: JSON.stringify({ label: [STUDY_LABEL] }) },
    });
    const networks = await client.request<{ Labels?: Record<string, string> | null }[]>({
      path: '/networks',
    });
    const projects = new Set([...left, ...networks].map(({ Labels }) => Labels?.[PROJECT_LABEL]));
    if (projects.size === 0) return;
    for (const app of await readdir(folder).catch(() => []))
      for (const { plan } of APP_ID.test(app) ? await recordsIn(join(folder, app)) : [])
        if (projects.has(plan.project))
          await removeAll(client, plan).catch((error: unknown) => {
            // What an engine does not let go of, such as a network that it miscounts, is in nobody's way.
            if (toErrorShape(error).code === 'engine-unavailable') throw error;
          });
  };

  /** Makes the runs that are still to be made; the ledger is told of the begin and of the end. */
  const make = async (
    measured: PreparedApp,
    record: StudyRecord,
    file: StudyFile,
    own: StudyRequest,
  ): Promise<StudyRecord> => {
    let failure: unknown;
    let noted: Promise<unknown> = Promise.resolve();
    const onNews: StudyRequest['onNews'] = (news) => {
      // How far it is; what its end says does not hang on it.
      if (news.kind === 'ran')
        noted = noted.then(() => ledger.noteStudy(record, measured.path)).catch(() => undefined);
      own.onNews(news);
    };
    underWay = record.plan.id;
    try {
      await ledger.noteStudy(record, measured.path);
      await runStudy(measured, record, file, { engine, gate }, { ...own, onNews });
    } catch (error) {
      failure = error;
    } finally {
      underWay = undefined;
    }
    await noted;
    await ledger.noteStudy(record, measured.path, studyEnd(record, failure));
    if (failure !== undefined) throw failure;
    return record;
  };

  return {
    run: (appId, options, request) =>
      alone(request, async (own) => {
        const measured = await apps.prepare(appId, { signal: own.signal });
        const client = await settledClient(engine);
        const { title } = apps.get(appId);
        const plan = await planStudy({ id: appId, title }, measured.app, options, client);
        const record: StudyRecord = { plan, runs: [] };
        const file = await StudyFile.create(pathOf(plan), plan);
        own.onNews({ kind: 'begins', record, done: 0, total: remainingRuns(plan, []).length });
        return make(measured, record, file, own);
      }),
    resume: (appId, request) =>
      alone(request, async (own) => {
        const record = (await recordsIn(folderOf(appId))).find(
          ({ plan, runs }) => remainingRuns(plan, runs).length > 0,
        );
        if (record === undefined)
          throw new FlotillaError('not-found', 'There is no study of this app to go on with.', {
            hint: 'All are whole: start another.',
          });
        const { plan, runs } = record;
        const measured = await apps.prepare(appId, { signal: own.signal });
        if ((await settingsDigest(measured.app, await settledClient(engine))) !== plan.settings)
          throw new FlotillaError('conflict', 'The app has changed since its study was begun.', {
            hint: 'Runs of two versions cannot be measured as one: start another study.',
          });
        const file = await StudyFile.reopen(pathOf(plan));
        const left = remainingRuns(plan, runs).length;
        own.onNews({ kind: 'begins', record, done: runs.length, total: runs.length + left });
        return make(measured, record, file, own);
      }),
    list: (appId) => recordsIn(folderOf(appId)),
    async find(studyId) {
      const found: StudyRecord[] = [];
      for (const app of await readdir(folder).catch(() => []))
        if (APP_ID.test(app))
          found.push(
            ...(await recordsIn(join(folder, app))).filter(({ plan }) => plan.id.startsWith(studyId)),
          );
      const [only, ...others] = found;
      if (only === undefined || studyId === '')
        throw new FlotillaError('not-found', `There is no study ${studyId}.`, {
          hint: '`flotilla studies DIR` lists those of an app.',
        });
      if (others.length > 0)
        throw new FlotillaError('conflict', `Several studies begin with ${studyId}.`, {
          hint: `There are: ${found.map(({ plan }) => plan.id).join(', ')}.`,
        });
      return only;
    },
    async remove(studyId) {
      if (underWay === studyId)
        throw new FlotillaError('conflict', `Study ${studyId} is under way.`, { hint: 'Cancel it first.' });
      for (const app of await readdir(folder).catch(() => []))
        if (APP_ID.test(app))
          for (const name of await readdir(join(folder, app)).catch(() => []))
            if (name.endsWith(`-${studyId}.jsonl`)) await rm(join(folder, app, name), { force: true });
    },
    async dispose() {
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}
