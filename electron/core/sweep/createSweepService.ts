import { FlotillaError } from '#shared/contract/errors.ts';
import type { SweepPlan, SweepRecord, SweepTable } from '#shared/domain/Sweep.ts';
import { countJobs, isUnfinished, jobsOf } from '#shared/sweep/sweepJobs.ts';
import { summaryOf } from '#shared/sweep/summaryOf.ts';
import { sweepApp } from '#shared/sweep/sweepApp.ts';
import type { AppsService } from '../apps/AppsApi.ts';
import { lastLogLines } from '../apps/lastLogLines.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import { settledClient } from '../engine/settledClient.ts';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';
import { settingsDigest } from '../study/planStudy.ts';
import type { Turn } from '../study/Turn.ts';
import { LiveSweep } from './LiveSweep.ts';
import { planSweep } from './planSweep.ts';
import { runSweep } from './runSweep.ts';
import type { SweepRequest, SweepService } from './SweepApi.ts';
import { findContainers, jobName, removeAll } from './SweepContainers.ts';
import { SweepStore } from './SweepStore.ts';
import { settleLeftovers } from './takeOver.ts';

/** Of a job that runs. */
const LOG_LINES = 500;

/** Sweeps as folders below a folder. One sweep runs at a time, and none beside a study, also among several Flotillas that share the folder. */
export function createSweepService({
  engine,
  apps,
  folder,
  turn,
}: {
  engine: EngineService;
  apps: AppsService;
  folder: string;
  turn: Turn;
}): SweepService {
  const store = new SweepStore(folder);
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const going = new Map<string, LiveSweep>();

  /** Does the work when no other sweep or study does; `work` gets a signal that also ends with the service. */
  const alone = <Result>(
    request: SweepRequest,
    work: (request: SweepRequest) => Promise<Result>,
  ): Promise<Result> => {
    const signal = AbortSignal.any([request.signal, ending.signal]);
    const whole = turn
      .take(
        signal,
        () => request.onNews({ kind: 'queued' }),
        () => work({ ...request, signal }),
      )
      .finally(() => running.delete(whole));
    running.add(whole);
    return whole;
  };

  /** What other sweeps have left that ended with their process; nobody else makes any while it is our turn. */
  const tidy = async (client: EngineClient, current: string, signal: AbortSignal): Promise<void> => {
    const found = (await findContainers(client)).filter(({ sweepId }) => sweepId !== current);
    if (found.length === 0) return;
    for (const record of await store.all()) {
      const own = found.filter(({ sweepId }) => sweepId === record.plan.id);
      if (own.length === 0) continue;
      await store.reopen(record.plan);
      await settleLeftovers(client, new LiveSweep(record, store, () => undefined), own, signal);
    }
  };

  /** Runs what a record still lacks, with its folder locked. */
  const goOn = async (
    prepared: PreparedApp,
    record: SweepRecord,
    again: readonly number[],
    { signal, onNews }: SweepRequest,
  ): Promise<SweepTable> => {
    const { plan } = record;
    const lock = SpoolLock.take(store.folderOf(plan));
    if (lock === undefined)
      throw new FlotillaError('conflict', `The sweep ${plan.id} goes on in another Flotilla.`, {
        hint: 'Wait for it, or cancel it there.',
      });
    const live = new LiveSweep(record, store, onNews);
    going.set(plan.id, live);
    try {
      if (again.length > 0) await live.note({ again: [...again] });
      onNews({ kind: 'begins', plan, jobs: live.jobs });
      await runSweep(prepared, live, engine, signal);
      return { plan, jobs: live.jobs };
    } finally {
      going.delete(plan.id);
      lock.release();
    }
  };

  const settingsOf = async ({ app }: PreparedApp, plan: SweepPlan): Promise<string> =>
    settingsDigest(sweepApp(app, plan.project, plan.service), await settledClient(engine));

  return {
    run: (appId, options, request) =>
      alone(request, async (own) => {
        const prepared = await apps.prepare(appId, { signal: own.signal });
        const client = await settledClient(engine);
        const { title } = apps.get(appId);
        const plan = await planSweep({ id: appId, title }, prepared.app, options, client);
        await tidy(client, plan.id, own.signal);
        await store.create(plan);
        return goOn(prepared, { plan, entries: [] }, [], own);
      }),
    resume: (sweepId, { retryFailed = false }, request) =>
      alone(request, async (own) => {
        const record = await store.find(sweepId);
        const { plan } = record;
        const jobs = jobsOf(record);
        const again = retryFailed
          ? jobs.flatMap(({ state, index }) => (state === 'failed' ? [index] : []))
          : [];
        if (!isUnfinished(countJobs(jobs)) && again.length === 0) {
          const { failed } = countJobs(jobs);
          throw new FlotillaError('conflict', `Nothing of the sweep ${plan.id} is left to do.`, {
            hint:
              failed > 0
                ? `${failed === 1 ? 'One job has' : `${failed} jobs have`} failed for good: --retry-failed tries again.`
                : 'All its jobs are done: begin another.',
          });
        }
        const prepared = await apps.prepare(plan.appId, { signal: own.signal });
        if ((await settingsOf(prepared, plan)) !== plan.settings)
          throw new FlotillaError('conflict', 'The app has changed since its sweep was begun.', {
            hint: 'What two versions found is not one table: begin another sweep.',
          });
        await tidy(await settledClient(engine), plan.id, own.signal);
        await store.reopen(plan);
        return goOn(prepared, record, again, own);
      }),
    list: async (appId) => (await store.list(appId)).map(summaryOf),
    find: (sweepId) => store.find(sweepId),
    async log(sweepId, index) {
      const record = await store.find(sweepId);
      const { plan } = record;
      const job = jobsOf(record)[index];
      if (job === undefined)
        throw new FlotillaError('not-found', `The sweep ${plan.id} has no ${jobName(index)}.`, {
          hint: `It has ${plan.rows.length}.`,
        });
      const container = going.get(plan.id)?.containers.get(index);
      if (container !== undefined) {
        const client = engine.client();
        const tty = apps.project(plan.appId).model?.services.find(({ name }) => name === plan.service)?.tty;
        return lastLogLines(client, { id: container, name: jobName(index), tty }, LOG_LINES);
      }
      return job.last === undefined ? [] : store.readLog(plan, job.last);
    },
    async remove(sweepId) {
      const { plan } = await store.find(sweepId);
      if (going.has(plan.id) || SpoolLock.isHeldElsewhere(store.folderOf(plan)))
        throw new FlotillaError('conflict', `The sweep ${plan.id} goes on.`, {
          hint: 'Wait for it, or cancel it.',
        });
      // Without an engine there is nobody to tidy up at; what it has left is found by its label.
      if (engine.state.phase === 'ready') await removeAll(engine.client(), plan);
      await store.remove(plan);
    },
    async dispose() {
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}
