import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 20;

interface Heard {
  startedNs?: bigint | undefined;
  isOutOfMemory: boolean;
}

/**
 * What a connection's events told of containers, and an inspection does not tell, or tells wrong:
 * - when they started. `State.StartedAt` is the moment before the program was started on newer engines (Docker 25 and later: up to a second before
 *   it where sixteen start at once on two cores), and after it on older ones; the event comes after it on both, within some hundredths of a second.
 * - that they ran out of memory. Docker 20.10 forgets `State.OOMKilled` where its event comes after that of the end (3 of 100 where eight
 *   run out at once on two cores; the event comes up to a tenth of a second late, but it comes).
 */
export class HeardEvents {
  readonly #heard = new Map<string, Heard>();

  /** When a container started last, in nanoseconds since 1970 by the engine's clock; undefined where that was not heard. */
  startOf(id: string): bigint | undefined {
    return this.#heard.get(id)?.startedNs;
  }

  /** Whether anything in a container was killed for want of memory since it started last. */
  isOutOfMemory(id: string): boolean {
    return this.#heard.get(id)?.isOutOfMemory ?? false;
  }

  /** Waits for an event that is to come, so long at most; whether it came is for the caller to see. @throws the signal's reason */
  async until(isHeard: () => boolean, patienceMs: number, signal?: AbortSignal): Promise<void> {
    for (let left = patienceMs; left > 0 && !isHeard(); left -= LOOK_MS)
      await delay(LOOK_MS, undefined, { signal });
  }

  /** @param timeNano of the event; as a number it is exact to some hundred nanoseconds */
  note(id: string, action: string, timeNano: number | undefined): void {
    if (action === 'start')
      this.#heard.set(id, {
        startedNs: Number.isInteger(timeNano) ? BigInt(timeNano as number) : undefined,
        isOutOfMemory: false,
      });
    else if (action === 'oom') this.#heard.set(id, { ...this.#heard.get(id), isOutOfMemory: true });
  }
  /** A container that is gone. */
  forget(id: string): void {
    this.#heard.delete(id);
  }
}
