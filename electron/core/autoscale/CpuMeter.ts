import type { EngineClient } from '../engine/EngineApi.ts';
import { Limiter } from '../apps/Limiter.ts';

interface StatsAnswer {
  /** When it was measured, RFC 3339. */
  read?: string;
  cpu_stats?: { cpu_usage?: { total_usage?: number } };
}

interface Reading {
  usageNs: number;
  readMs: number;
}

const AT_ONCE = 8;
/** Two readings closer together say more of the clock than of the load. */
const SHORTEST_SPAN_MS = 200;

/**
 * How much CPU containers use, from one look to the next: the time their processes ran between the two, by the wall time that passed
 * (Docker Engine API, `GET /containers/{id}/stats`, `cpu_usage.total_usage` in nanoseconds of all cores).
 */
export class CpuMeter {
  #before = new Map<string, Reading>();
  readonly #limiter = new Limiter(() => AT_ONCE);

  /**
   * @param ids running containers
   * @returns cores in use on average over those that were there at the last look, too; undefined at the first
   */
  async measure(
    client: EngineClient,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const now = new Map<string, Reading>();
    await Promise.all(
      ids.map((id) =>
        this.#limiter.run(async () => {
          const reading = await read(client, id, signal);
          if (reading !== undefined) now.set(id, reading);
        }),
      ),
    );
    signal.throwIfAborted();
    const cores = [...now].flatMap(([id, { usageNs, readMs }]) => {
      const before = this.#before.get(id);
      const spanMs = before === undefined ? 0 : readMs - before.readMs;
      // A counter that went back: the container was started anew.
      return before === undefined || spanMs < SHORTEST_SPAN_MS || usageNs < before.usageNs
        ? []
        : [(usageNs - before.usageNs) / 1e6 / spanMs];
    });
    this.#before = now;
    return cores.length === 0 ? undefined : cores.reduce((sum, one) => sum + one, 0) / cores.length;
  }
}

/** Undefined for a container that has ended or gone meanwhile. */
async function read(client: EngineClient, id: string, signal: AbortSignal): Promise<Reading | undefined> {
  try {
    const stats = await client.request<StatsAnswer>({
      path: `/containers/${id}/stats`,
      query: { stream: false, 'one-shot': true },
      signal,
    });
    const usageNs = stats.cpu_stats?.cpu_usage?.total_usage;
    const readMs = Date.parse(stats.read ?? '');
    return usageNs === undefined || !(readMs > 0) ? undefined : { usageNs, readMs };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
