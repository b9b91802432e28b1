import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FlotillaError } from '#shared/contract/errors.ts';
import { Limiter } from '../apps/Limiter.ts';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';

const LOOK_MS = 500;

/** Whose work goes on the engine: studies and sweeps one after another, also those of other Flotillas that share the folder. */
export class Turn {
  readonly #folder: string;
  readonly #one = new Limiter(() => 1);
  #queued = 0;

  /** @param folder for its lock */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Does some work when nobody else does any.
   * @param onQueued it has to wait; called once at most
   * @throws FlotillaError `cancelled` when the signal aborts while it waits
   */
  take<Result>(signal: AbortSignal, onQueued: () => void, work: () => Promise<Result>): Promise<Result> {
    if (this.#queued > 0) onQueued();
    const tellOnce = this.#queued > 0 ? () => undefined : onQueued;
    this.#queued += 1;
    return new Promise<Result>((resolve, reject) => {
      const onAbort = (): void => reject(cancelled());
      signal.addEventListener('abort', onAbort, { once: true });
      void this.#one
        .run(async () => {
          signal.removeEventListener('abort', onAbort);
          try {
            const lock = await lockedFolder(this.#folder, signal, tellOnce);
            try {
              resolve(await work());
            } finally {
              lock.release();
            }
          } catch (error) {
            reject(error);
          }
        })
        .finally(() => (this.#queued -= 1));
    });
  }
}

/**
 * The lock of a folder, which is made where it is missing, as soon as no other process holds it.
 * @param onWait called once, where one does
 * @throws FlotillaError `cancelled`
 */
export async function lockedFolder(
  folder: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<SpoolLock> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let told = false; ; told = true) {
    if (signal.aborted) throw cancelled();
    const lock = SpoolLock.take(folder);
    if (lock !== undefined) return lock;
    if (!told) onWait();
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

const cancelled = (): FlotillaError => new FlotillaError('cancelled', 'It was cancelled before it began.');
