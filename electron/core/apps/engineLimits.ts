import { availableParallelism } from 'node:os';
import type { EngineClient } from '../engine/EngineApi.ts';
import { Limiter } from './Limiter.ts';

/** How much is asked of one engine at once, whoever asks: apps, studies and sweeps together. */
export interface EngineLimits {
  /** For each container that is made, started, or both. */
  creations: Limiter;
  /** For each container that is ended, removed, or both. */
  removals: Limiter;
}

const limits = new WeakMap<EngineClient, EngineLimits>();

/** Those of a connection; each has its own. */
export function limitsOf(client: EngineClient): EngineLimits {
  let found = limits.get(client);
  if (found === undefined) {
    found = {
      // Sixteen at once would be there a tenth sooner (32 containers, Docker 20.10, 2 cores), but with several networks the engine miscounts
      // what is on them, and does not remove them any more. What others wait for is there sooner when the cores are its own.
      creations: new Limiter(() => Math.min(8, 2 * availableParallelism()), {
        enough: () => availableParallelism(),
      }),
      // Sixteen that leave a network in one moment make the engine miscount it, so that it cannot be removed (two of 8 times 64 containers,
      // Docker 20.10; none of 16 at 8 and 4, which take as long). One that takes its time to end waits for itself only, and keeps nobody else
      // waiting.
      removals: new Limiter(() => 8, { countsMs: 1_000 }),
    };
    limits.set(client, found);
  }
  return found;
}
