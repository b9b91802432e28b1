import type { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { drainContainer } from './drainContainer.ts';
import { runLifecycle } from './runLifecycle.ts';

/**
 * What is done in a container that runs before its stop signal: its service's drain, then its `pre_stop`.
 *
 * @param worker as `worker-3`
 * @param tell hears what is being done
 * @returns what to tell of a drain that failed, which stops nothing
 * @throws FlotillaError `cancelled`, or what of `pre_stop` failed: the container is not to be stopped then
 */
export async function prepareStop(
  client: EngineClient,
  containerId: string,
  worker: string,
  { drain, preStop }: ServiceModel,
  tell: (step: string) => void,
  signal: AbortSignal,
): Promise<FlotillaError | undefined> {
  let failure: FlotillaError | undefined;
  if (drain !== undefined) {
    tell(`Draining ${worker}`);
    failure = await drainContainer(client, containerId, worker, drain, signal);
  }
  if (preStop !== undefined) {
    tell(`Running pre_stop of ${worker}`);
    await runLifecycle(client, containerId, worker, 'pre_stop', preStop, signal);
  }
  return failure;
}
