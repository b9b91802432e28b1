import { type ErrorCode, toErrorShape } from '#shared/contract/errors.ts';
import type { SweepJob, SweepPlan } from '#shared/domain/Sweep.ts';
import { startContainer } from '../apps/createReplica.ts';
import { limitsOf } from '../apps/engineLimits.ts';
import { explainStartFailure } from '../apps/explainStartFailure.ts';
import { hasStatus } from '../apps/stopContainer.ts';
import type { ContainerInspection } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { engineTime } from '../study/engineTime.ts';
import { type EndedTry, endJob, removedByOthers } from './endJob.ts';
import { createJob, jobName, type SweptApp } from './SweepContainers.ts';

/** What is no doing of the program that runs. */
const NO_OUTCOMES = new Set<ErrorCode>(['engine-unavailable', 'internal', 'consent-required', 'cancelled']);

/**
 * Makes and starts the container of a job, or takes one over, waits for its end and reads what it leaves. What goes wrong with the job is an outcome, not an error.
 *
 * @param slot which of the jobs that run at once it is, from 1
 * @param taken the container of this try that is there already, running or ended
 * @param onStarted told when the container runs, with its id and when that began (epoch milliseconds)
 * @throws FlotillaError `engine-unavailable`, `consent-required`, or the signal's reason: there is no outcome then
 */
export async function runJob(
  client: EngineClient,
  swept: SweptApp,
  plan: SweepPlan,
  { job, slot, taken }: { job: SweepJob; slot: number; taken: string | undefined },
  signal: AbortSignal,
  onStarted: (containerId: string, since: number) => void,
): Promise<EndedTry> {
  let begun = Date.now();
  let id = taken;
  try {
    signal.throwIfAborted();
    const begin = async (): Promise<string> => {
      begun = Date.now();
      const made = await createJob(client, swept, plan, job, slot);
      id = made;
      signal.throwIfAborted();
      await startContainer(client, made);
      return made;
    };
    const running = taken ?? (await limitsOf(client).creations.run(begin, 0, signal));
    const since = taken === undefined ? begun : ((await startOf(client, taken)) ?? begun);
    onStarted(running, since);
    return await endJob(client, plan, job, running, since, signal);
  } catch (error) {
    signal.throwIfAborted();
    const name = jobName(job.index);
    const shape = toErrorShape(isGone(error) ? removedByOthers(name) : explainStartFailure(error, name));
    if (NO_OUTCOMES.has(shape.code)) throw error;
    return {
      containerId: id,
      log: [],
      attempt: {
        job: job.index,
        number: job.tries + 1,
        outcome: 'failed',
        reason: shape.message.replace(/\.$/, ''),
        startedAt: begun,
        values: plan.columns.map(() => null),
        problems: [],
      },
    };
  }
}

const isGone = (error: unknown): boolean =>
  hasStatus(error, 404) && /no such container/i.test(toErrorShape(error).message);

/** When a container that was taken over began, by the engine's clock. */
async function startOf(client: EngineClient, id: string): Promise<number | undefined> {
  const { State } = await client.request<ContainerInspection>({ path: `/containers/${id}/json` });
  const began = client.heard.startOf(id) ?? engineTime(State?.StartedAt);
  return began === undefined ? undefined : Number(began / 1_000_000n);
}
