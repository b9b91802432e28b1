import { readStats, type StatsReading } from '#shared/metrics/readStats.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

/**
 * One reading of a container (Docker Engine API, `GET /containers/{id}/stats`); undefined for one that has ended, is gone or does not answer.
 * @throws what the signal was aborted with
 */
export async function askStats(
  client: EngineClient,
  id: string,
  signal: AbortSignal,
): Promise<StatsReading | undefined> {
  try {
    const answer = await client.request<unknown>({
      path: `/containers/${id}/stats`,
      // Engines that do not know the second wait for two readings of their own.
      query: { stream: false, 'one-shot': true },
      signal,
    });
    return readStats(answer, client.info.memoryBytes);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
