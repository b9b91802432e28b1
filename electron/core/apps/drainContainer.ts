import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { askContainer } from './askContainer.ts';

/**
 * Lets a running container finish what it is at, before its stop signal: runs its service's drain hook and waits for its end, or its time.
 * A hook that fails or takes too long stops nothing.
 *
 * @param signal breaks it off: the container is not to end then
 * @returns undefined when all went well, otherwise what to tell
 * @throws FlotillaError `cancelled`
 */
export async function drainContainer(
  client: EngineClient,
  containerId: string,
  worker: string,
  { hook, timeoutMs }: NonNullable<ServiceModel['drain']>,
  signal?: AbortSignal,
): Promise<FlotillaError | undefined> {
  const late = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? late : AbortSignal.any([signal, late]);
  try {
    await askContainer(client, containerId, hook, 'POST', either);
    return undefined;
  } catch (error) {
    if (signal?.aborted === true)
      throw new FlotillaError('cancelled', `Draining ${worker} was cancelled; it runs on.`);
    const reason = late.aborted
      ? `it was not done after ${timeoutMs / 1000} s`
      : toErrorShape(error).message.replace(/\.$/, '');
    return new FlotillaError('engine-error', `${worker} was ended although its drain failed: ${reason}.`, {
      hint: 'Look at x-flotilla.drain of its service.',
    });
  }
}
