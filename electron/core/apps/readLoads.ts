import type { ContainerHook, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { ContainerFacts } from '#shared/reconcile/EngineFacts.ts';
import { firstNumber } from '../autoscale/firstNumber.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { askContainer } from './askContainer.ts';

const PATIENCE_MS = 5_000;

/**
 * How much each running replica of a service has to do, by id, where that decides who goes: some but not all are too many, and the
 * service says how to ask. Otherwise nobody is asked.
 *
 * @param present all replicas there are
 * @param wanted how many there are to be
 */
export async function loadsToChooseBy(
  client: EngineClient,
  { load }: Pick<ServiceModel, 'load'>,
  present: readonly Pick<ContainerFacts, 'id' | 'state'>[],
  wanted: number,
): Promise<ReadonlyMap<string, number>> {
  if (load === undefined || wanted === 0 || present.length <= wanted) return new Map();
  const running = present.filter(({ state }) => state === 'running').map(({ id }) => id);
  return readLoads(client, running, load);
}

/** How much each container has to do, by id, as it says itself; those that give no number in time are not there. */
async function readLoads(
  client: EngineClient,
  ids: readonly string[],
  hook: ContainerHook,
): Promise<Map<string, number>> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answers = await Promise.allSettled(
    ids.map(async (id) => firstNumber(await askContainer(client, id, hook, 'GET', signal), id)),
  );
  return new Map(
    answers.flatMap((answer, at) => (answer.status === 'fulfilled' ? [[ids[at] ?? '', answer.value]] : [])),
  );
}
