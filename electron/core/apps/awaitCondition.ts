import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';

/** Waits for what a service asks of one it depends on. */
export async function awaitCondition(
  session: AppSession,
  engine: EngineService,
  dependent: string,
  dependency: ServiceModel['dependsOn'][number],
  signal: AbortSignal,
): Promise<void> {
  if (dependency.condition === 'service_started') return;
  const isHealthy = dependency.condition === 'service_healthy';
  const look = (): 'wait' | 'met' | FlotillaError => {
    const own = session.containers().filter((container) => container.service === dependency.service);
    if (own.length === 0) return dependency.required ? 'wait' : 'met';
    for (const container of own) {
      const over = container.state === 'exited' || container.state === 'dead';
      if (isHealthy && (over || container.health === 'unhealthy')) {
        return new FlotillaError(
          'engine-error',
          `${dependent} waits for ${dependency.service} to be healthy, but ${container.name} ${over ? `ended with code ${container.exitCode ?? '?'}` : 'is unhealthy'}.`,
          { hint: `Look at the log of ${container.name}.` },
        );
      }
      if (!isHealthy && over && container.exitCode !== 0) {
        return new FlotillaError(
          'engine-error',
          `${dependent} waits for ${dependency.service} to succeed, but ${container.name} ended with code ${container.exitCode ?? '?'}.`,
          { hint: `Look at the log of ${container.name}.` },
        );
      }
    }
    const met = own.every((container) =>
      isHealthy ? container.health === 'healthy' : container.state === 'exited' && container.exitCode === 0,
    );
    return met ? 'met' : 'wait';
  };
  await new Promise<void>((resolve, reject) => {
    const settle = (action: () => void): void => {
      void changes.dispose();
      void states.dispose();
      signal.removeEventListener('abort', onAbort);
      action();
    };
    const check = (): void => {
      const now = look();
      if (now === 'wait') return;
      settle(() => (now === 'met' ? resolve() : reject(now)));
    };
    const onAbort = (): void =>
      settle(() => reject(new FlotillaError('cancelled', `Starting ${dependent} was cancelled.`)));
    const changes = engine.onSnapshot(check);
    const states = engine.onState((state) => {
      if (state.phase === 'lost') settle(() => reject(FlotillaError.fromShape(state.reason)));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else check();
  });
}
