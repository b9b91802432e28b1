import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineService } from '../engine/EngineApi.ts';

/**
 * Looks again at each piece of the engine's news until there is an answer.
 * @param look undefined: not yet
 * @throws FlotillaError why the engine was lost; the signal's reason
 */
export function untilSettled<Answer>(
  engine: Pick<EngineService, 'onSnapshot' | 'onState'>,
  look: () => Answer | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const settle = (action: () => void): void => {
      void changes.dispose();
      void states.dispose();
      signal.removeEventListener('abort', onAbort);
      action();
    };
    const check = (): void => {
      const answer = look();
      if (answer !== undefined) settle(() => resolve(answer));
    };
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const changes = engine.onSnapshot(check);
    const states = engine.onState((state) => {
      if (state.phase === 'lost') settle(() => reject(FlotillaError.fromShape(state.reason)));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else check();
  });
}
