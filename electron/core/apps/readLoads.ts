import type { ContainerHook } from '#shared/domain/ServiceModel.ts';
import { firstNumber } from '../autoscale/firstNumber.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { askContainer } from './askContainer.ts';

const PATIENCE_MS = 5_000;

/** How much each container has to do, by id, as it says itself; those that give no number in time are not there. */
export async function readLoads(
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
