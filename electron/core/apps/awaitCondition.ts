import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import { hasEnded } from '../engine/containerRecord.ts';
import type { AppSession } from './AppSession.ts';
import { untilSettled } from './untilSettled.ts';

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
  const look = (): 'met' | FlotillaError | undefined => {
    const own = session.containers().filter((container) => container.service === dependency.service);
    if (own.length === 0) return dependency.required ? undefined : 'met';
    for (const container of own) {
      const over = hasEnded(container);
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
    return met ? 'met' : undefined;
  };
  const outcome = await untilSettled(engine, look, signal).catch((error: unknown) => {
    throw signal.aborted ? new FlotillaError('cancelled', `Starting ${dependent} was cancelled.`) : error;
  });
  if (outcome !== 'met') throw outcome;
}
