import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { limitsOf } from './engineLimits.ts';

/**
 * Asks a container to end (its stop signal, then the grace period, then SIGKILL by the engine), then removes it and its anonymous volumes.
 *
 * @param graceMs undefined: what the container was made with
 * @param onStopped what is to be done between its end and its removal
 */
export async function stopAndRemove(
  client: EngineClient,
  id: string,
  graceMs: number | undefined,
  onStopped: () => void | Promise<void>,
): Promise<void> {
  await stopContainer(client, id, graceMs);
  await onStopped();
  await removeContainer(client, id);
}

/** How long the removal of a container is tried again while the engine says that it failed. */
const REMOVAL_MS = 20_000;

/**
 * Removes a container, running or not, and its anonymous volumes. One that is gone already, or that another remover is
 * at, is no error. A busy engine fails half way ("directory not empty", "device or resource busy") and leaves a dead
 * container behind whose removal works a moment later: it is asked again for up to 20 s.
 */
export async function removeContainer(client: EngineClient, id: string): Promise<void> {
  const deadline = Date.now() + REMOVAL_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.request({ method: 'DELETE', path: `/containers/${id}`, query: { v: true, force: true } });
      return;
    } catch (error) {
      if (hasStatus(error, 404) || hasStatus(error, 409)) return;
      if (!hasStatus(error, 500) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 100 * attempt)));
    }
  }
}

/** As `removeContainer`, within what is removed of the engine at once. */
export const removeInTurn = (client: EngineClient, id: string): Promise<void> =>
  limitsOf(client).removals.run(() => removeContainer(client, id));

/** Asks a container to end and waits until it has; one that is gone already has ended. */
export async function stopContainer(
  client: EngineClient,
  id: string,
  graceMs: number | undefined,
): Promise<void> {
  try {
    await client.request({
      method: 'POST',
      path: `/containers/${id}/stop`,
      query: { t: graceMs === undefined ? undefined : Math.ceil(graceMs / 1000) },
    });
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

/** Whether a failure is an answer of the engine with this HTTP status. */
export function hasStatus(error: unknown, statusCode: number): boolean {
  return error instanceof FlotillaError && error.detail?.['statusCode'] === statusCode;
}
