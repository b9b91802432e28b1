import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

/** Asks a container to end (its stop signal, then the grace period, then SIGKILL by the engine), then removes it and its anonymous volumes. */
export async function stopAndRemove(
  client: EngineClient,
  id: string,
  graceMs: number,
  onStopped: () => void,
): Promise<void> {
  await stopContainer(client, id, graceMs);
  onStopped();
  try {
    await client.request({ method: 'DELETE', path: `/containers/${id}`, query: { v: true, force: true } });
  } catch (error) {
    // Gone already, or another remover is at it.
    if (!hasStatus(error, 404) && !hasStatus(error, 409)) throw error;
  }
}

/** Asks a container to end and waits until it has; one that is gone already has ended. */
export async function stopContainer(client: EngineClient, id: string, graceMs: number): Promise<void> {
  try {
    await client.request({
      method: 'POST',
      path: `/containers/${id}/stop`,
      query: { t: Math.ceil(graceMs / 1000) },
    });
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

/** Whether a failure is an answer of the engine with this HTTP status. */
export function hasStatus(error: unknown, statusCode: number): boolean {
  return error instanceof FlotillaError && error.detail?.['statusCode'] === statusCode;
}
