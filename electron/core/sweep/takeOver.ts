import { removeInTurn } from '../apps/stopContainer.ts';
import type { ContainerInspection } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { engineTime } from '../study/engineTime.ts';
import { endJob } from './endJob.ts';
import type { LiveSweep } from './LiveSweep.ts';
import { type FoundContainer, removeAll } from './SweepContainers.ts';

/**
 * Which containers of a sweep are gone on with: those that run, and those that ended well and of which nothing is written down yet. All others of its jobs
 * are removed: what was never started, what is written down already, and what failed while nobody looked (the engine may have ended it), which is run again.
 * @returns the container of each such job, by its number
 */
export async function takeOver(
  client: EngineClient,
  live: LiveSweep,
  found: readonly FoundContainer[],
): Promise<Map<number, FoundContainer>> {
  const taken = new Map<number, FoundContainer>();
  for (const container of found) {
    const { id, job: index, number, summary } = container;
    if (index === undefined) continue;
    const job = live.jobs[index];
    const isNext = job?.state === 'waiting' && number === job.tries + 1 && !taken.has(index);
    const runs = summary.State === 'running' || summary.State === 'paused';
    if (isNext && (runs || (summary.State === 'exited' && (await endedWell(client, id)))))
      taken.set(index, container);
    else await removeInTurn(client, id);
  }
  return taken;
}

async function endedWell(client: EngineClient, id: string): Promise<boolean> {
  const { State } = await client.request<ContainerInspection>({ path: `/containers/${id}/json` });
  const [began, ended] = [engineTime(State?.StartedAt), engineTime(State?.FinishedAt)];
  // One that went down with the machine may have code 0, and no time at which it ended.
  return State?.ExitCode === 0 && began !== undefined && ended !== undefined && ended > began;
}

/**
 * Writes down what jobs have done whose process is gone, and removes all that it has left; what still runs is run again when the sweep is resumed.
 * @param found its containers
 */
export async function settleLeftovers(
  client: EngineClient,
  live: LiveSweep,
  found: readonly FoundContainer[],
  signal: AbortSignal,
): Promise<void> {
  const ended = found.filter(({ summary }) => summary.State === 'exited');
  for (const [index, { id }] of await takeOver(client, live, ended)) {
    const job = live.jobs[index];
    if (job === undefined) continue;
    const done = await endJob(client, live.plan, job, id, Date.now(), signal);
    await live.note({ attempt: done.attempt }, done.log);
  }
  await removeAll(client, live.plan);
}
