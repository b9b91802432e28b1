import { setMaxListeners } from 'node:events';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import type { SweepJob } from '#shared/domain/Sweep.ts';
import { ownVolumes, sweepApp } from '#shared/sweep/sweepApp.ts';
import { nextJob } from '#shared/sweep/sweepJobs.ts';
import { ensureNetworksAndVolumes } from '../apps/ensureNetworks.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import { removeInTurn } from '../apps/stopContainer.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import { engineBack } from '../engine/engineBack.ts';
import { placeReplicas } from '../placement/placeReplicas.ts';
import type { LiveSweep } from './LiveSweep.ts';
import { runJob } from './runJob.ts';
import { startCompanions } from './startCompanions.ts';
import { type FoundContainer, findContainers, removeAll } from './SweepContainers.ts';
import { takeOver } from './takeOver.ts';

/** An engine that is lost so often without a job done is lost by them. */
const LOSSES_ENDURED = 3;

/**
 * Runs the jobs of a sweep that are still to be done, and removes all that it made for them on the engine.
 * @throws FlotillaError `cancelled`, `engine-unavailable`; what is done until then is written down
 */
export async function runSweep(
  prepared: PreparedApp,
  live: LiveSweep,
  engine: EngineService,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = live;
  let losses = 0;
  let done = -1;
  try {
    for (;;) {
      try {
        await runJobs(prepared, live, engine, signal);
        return;
      } catch (error) {
        if (signal.aborted) throw cancelled();
        const shape = toErrorShape(error);
        const doneNow = live.jobs.reduce((sum, { tries }) => sum + tries, 0);
        losses = doneNow > done ? 1 : losses + 1;
        done = doneNow;
        if (shape.code !== 'engine-unavailable' || losses > LOSSES_ENDURED) throw error;
        live.engineLost(shape.message);
        await engineBack(engine, (client) => findContainers(client, plan.id), signal).catch(
          (reason: unknown) => {
            throw signal.aborted ? cancelled() : reason;
          },
        );
      }
    }
  } finally {
    // What cannot be removed now (the engine is gone) is by the next sweep.
    await Promise.resolve()
      .then(() => removeAll(engine.client(), plan))
      .catch(() => undefined);
  }
}

const cancelled = (): FlotillaError => new FlotillaError('cancelled', 'The sweep was cancelled.');

/** Runs jobs until none is left; ends with the first error that is no outcome of one. */
async function runJobs(
  prepared: PreparedApp,
  live: LiveSweep,
  engine: EngineService,
  signal: AbortSignal,
): Promise<void> {
  const { plan, jobs } = live;
  const client = engine.client();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  // Each job has a request or two that hears them.
  setMaxListeners(0, signal, either);
  const app = sweepApp(prepared.app, plan.project, plan.service);
  const { placed } = await placeReplicas(client, withReplicas(app, plan.service, plan.concurrency));
  const swept = { ...prepared, app, placed };
  await ensureStores(client, prepared, swept, plan.service);
  const found = await findContainers(client, plan.id);
  const taken = await takeOver(client, live, found);
  await startCompanions(engine, client, swept, plan, found, either);

  const running = new Map<number, Promise<void>>();
  const free = new Set(Array.from({ length: plan.concurrency }, (_, index) => index + 1));
  let failure: { error: unknown } | undefined;
  const one = async (job: SweepJob, slot: number, container: string | undefined): Promise<void> => {
    try {
      const onStarted = (id: string, since: number): void => live.running(job.index, since, id);
      const { attempt, containerId, log } = await runJob(
        client,
        swept,
        plan,
        { job, slot, taken: container },
        either,
        onStarted,
      );
      await live.note({ attempt }, log);
      if (containerId !== undefined) await removeInTurn(client, containerId);
    } catch (error) {
      failure ??= { error };
      over.abort();
      live.waiting(job.index);
    } finally {
      running.delete(job.index);
      free.add(slot);
    }
  };
  const begin = (job: SweepJob, before?: FoundContainer): void => {
    const wanted = before?.slot ?? 0;
    const [first = 1] = free;
    const slot = free.has(wanted) ? wanted : first;
    free.delete(slot);
    live.running(job.index);
    running.set(job.index, one(job, slot, before?.id));
  };
  for (const [index, container] of taken) {
    const job = jobs[index];
    if (job !== undefined) begin(job, container);
  }
  for (;;) {
    while (!either.aborted && running.size < plan.concurrency) {
      const next = nextJob(jobs);
      if (next === undefined) break;
      begin(next);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failure !== undefined) throw failure.error;
  signal.throwIfAborted();
}

const withReplicas = (app: AppModel, service: string, replicas: number): AppModel => ({
  ...app,
  services: app.services.map((each) => (each.name === service ? { ...each, replicas } : each)),
});

/** The networks of the sweep, and the volumes of the jobs: the app's own are made as the app would have them. */
async function ensureStores(
  client: EngineClient,
  { app, path }: PreparedApp,
  swept: PreparedApp,
  service: string,
): Promise<void> {
  const volumes = ownVolumes(app, swept.app, service);
  await ensureNetworksAndVolumes(client, { ...app, networks: [], volumes }, path);
  await ensureNetworksAndVolumes(client, swept.app, path);
}
