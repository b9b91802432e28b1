import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { untilSettled } from '../apps/untilSettled.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import type { StudyContainer } from './StudyContainers.ts';

/**
 * Waits until what a service depends on is as its `depends_on` asks, among the containers of a run.
 * @throws FlotillaError `engine-error` when that cannot come any more
 */
export async function awaitDependencies(
  engine: EngineService,
  service: ServiceModel,
  containers: readonly StudyContainer[],
  signal: AbortSignal,
): Promise<void> {
  for (const { service: name, condition } of service.dependsOn) {
    if (condition === 'service_started') continue;
    for (const container of containers.filter((candidate) => candidate.service.name === name)) {
      const look = (): true | FlotillaError | undefined => {
        const record = engine.snapshot.containers.get(container.id);
        const isOver = record?.state === 'exited' || record?.state === 'dead';
        if (condition === 'service_completed_successfully') {
          if (!isOver) return undefined;
          return record.exitCode === 0
            ? true
            : broken(service, container, `ended with code ${record.exitCode ?? '?'}`);
        }
        if (isOver) return broken(service, container, 'ended');
        if (record?.health === 'unhealthy') return broken(service, container, 'is unhealthy');
        return record?.health === 'healthy' ? true : undefined;
      };
      const outcome = await untilSettled(engine, look, signal);
      if (outcome !== true) throw outcome;
    }
  }
}

function broken(service: ServiceModel, { name }: StudyContainer, words: string): FlotillaError {
  return new FlotillaError('engine-error', `${service.name} waits for ${name}, which ${words}.`);
}
