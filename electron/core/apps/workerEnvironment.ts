import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';

/**
 * What a container of a compute app is told of its place in it, as environment variables. What the compose file sets itself
 * is left as it is.
 * - `WORKER_INDEX` (workers): the container's number, from 1; a number is given again when its container is replaced.
 * - `WORKER_COUNT` (workers): how many of its service are wanted at the moment it is made; (main): of all worker services.
 *   Scaling leaves running containers alone, and with them the count they were told.
 * - `MAIN_HOST` (workers): the host name under which they reach the main service; absent where there is none.
 *
 * @param requested replicas wanted of each service by its name
 */
export function workerEnvironment(
  app: AppModel,
  service: ServiceModel,
  index: number,
  requested: (service: ServiceModel) => number,
): Record<string, string> {
  const main = app.services.find((candidate) => candidate.role === 'main');
  const known: Record<string, string | undefined> =
    service.role === 'worker'
      ? {
          WORKER_INDEX: String(index),
          WORKER_COUNT: String(requested(service)),
          MAIN_HOST: main === undefined || !reaches(service, main) ? undefined : main.name,
        }
      : service.role === 'main'
        ? { WORKER_COUNT: String(workerCount(app, requested)) }
        : {};
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) =>
      value === undefined || name in service.environment ? [] : [[name, value]],
    ),
  );
}

function workerCount(app: AppModel, requested: (service: ServiceModel) => number): number {
  return app.services
    .filter(({ role }) => role === 'worker')
    .reduce((sum, service) => sum + requested(service), 0);
}

/** Names are known within a network only. */
function reaches(service: ServiceModel, main: ServiceModel): boolean {
  if (service.networkMode !== undefined || main.networkMode !== undefined) return false;
  return service.networks.some(({ name }) => main.networks.some((other) => other.name === name));
}
