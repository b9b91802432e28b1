import type { ContainerRecord } from '../engine/EngineApi.ts';

/** As long as Docker Compose takes until it looks for the first time. */
const PROVEN_MS = 500;
/** What the engine says it started so long ago has, whatever its clock is like, and though newer engines name a moment up to a second too early. */
const LONG_AGO_MS = 10_000;

/** Tells containers that have run for a while from those that may fail yet in their first moments: a wrong argument, a file that is not there. */
export class JustStarted {
  /** When a start was seen here first, in monotonic milliseconds: the engine's clock may be another. */
  readonly #seen = new Map<string, number>();

  /** Milliseconds until all of them that run have run for long enough; 0: they have. */
  left(containers: readonly Pick<ContainerRecord, 'id' | 'state' | 'startedAt'>[]): number {
    const now = performance.now();
    return Math.max(
      0,
      ...containers.map(({ id, state, startedAt = 0 }) => {
        if (state !== 'running') return 0;
        const start = `${id} ${startedAt}`;
        const since = this.#seen.get(start) ?? now;
        this.#seen.set(start, since);
        return Date.now() - startedAt > LONG_AGO_MS ? 0 : PROVEN_MS - (now - since);
      }),
    );
  }
}
