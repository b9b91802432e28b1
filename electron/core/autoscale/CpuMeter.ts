import { metricAt, sampleBetween, type TimedReading } from '#shared/metrics/sampleBetween.ts';
import { Limiter } from '../apps/Limiter.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { askStats } from '../metrics/askStats.ts';

const AT_ONCE = 8;
const CORES = metricAt('cores');

/** How much CPU containers use, from one look to the next. */
export class CpuMeter {
  #before = new Map<string, TimedReading>();
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
    const now = new Map<string, TimedReading>();
    await Promise.all(
      ids.map((id) =>
        this.#limiter.run(async () => {
          const reading = await askStats(client, id, signal);
          if (reading !== undefined) now.set(id, { reading, heardMs: performance.now() });
        }),
      ),
    );
    signal.throwIfAborted();
    const cores = [...now].flatMap(([id, reading]) => {
      const before = this.#before.get(id);
      const sample = before === undefined ? undefined : sampleBetween(before, reading);
      return sample === undefined ? [] : [sample.values[CORES] as number];
    });
    this.#before = now;
    return cores.length === 0 ? undefined : cores.reduce((sum, one) => sum + one, 0) / cores.length;
  }
}
