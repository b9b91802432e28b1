import { setTimeout as delay } from 'node:timers/promises';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { EngineClient, EngineService } from './EngineApi.ts';

/** How long an engine that is gone is waited for. */
const BACK_MS = 120_000;
const LOOK_MS = 250;

/**
 * Waits until an engine that was lost answers again.
 * @param ask something of it: the connection may not have noticed yet that it is lost, only an answer tells
 * @throws FlotillaError `engine-unavailable` after two minutes, or what else `ask` throws; the signal's reason
 */
export async function engineBack(
  engine: EngineService,
  ask: (client: EngineClient) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + BACK_MS;
  for (;;) {
    try {
      await ask(engine.client());
      return;
    } catch (error) {
      if (toErrorShape(error).code !== 'engine-unavailable' || performance.now() > deadline) throw error;
    }
    await delay(LOOK_MS, undefined, { signal });
  }
}
