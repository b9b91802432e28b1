import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { type ContainerSummary, ONE_OFF_LABEL, SERVICE_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { listProject } from './appOperations.ts';
import { awaitCondition } from './awaitCondition.ts';
import { ensureNetworksAndVolumes } from './ensureNetworks.ts';
import type { OperationStep, OperationTools } from './OperationStep.ts';
import { startOrder } from '#shared/reconcile/startOrder.ts';

const TICK_MS = 50;
const LIVE = new Set(['running', 'paused', 'restarting']);

/**
 * Replaces the containers that were made from an earlier image of a service that runs, one service after the other: what others
 * depend on comes first, so that a fresh worker finds its main. Services of which nothing runs are left for their next start, and so
 * are containers that are of the present image already.
 *
 * @param images references of the images that were built
 */
export async function recreateServices(
  session: AppSession,
  images: ReadonlySet<string>,
  { engine }: OperationTools,
  operation: OperationStep,
): Promise<void> {
  const client = session.client();
  const app = session.model();
  const stale = await staleReplicas(session, app, images, client);
  if (stale.size === 0) return;
  operation.signal.throwIfAborted();
  await ensureNetworksAndVolumes(client, app, session.path);
  const total = [...stale.values()].reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const service of startOrder(app.services).flat()) {
    const found = stale.get(service.name);
    if (found === undefined) continue;
    for (const dependency of service.dependsOn)
      if (stale.has(dependency.service))
        await awaitCondition(session, engine, service.name, dependency, operation.signal);
    operation.signal.throwIfAborted();
    await recreate(session, service, found.replicas, operation, { done, total });
    done += found.count;
    // What waits for this service must see its new containers, not those before.
    await engine.relist();
  }
}

async function recreate(
  session: AppSession,
  service: ServiceModel,
  replicas: number,
  operation: OperationStep,
  before: { done: number; total: number },
): Promise<void> {
  const controller = session.controller(service.name);
  const onAbort = (): void => void controller.cancel();
  operation.signal.addEventListener('abort', onAbort, { once: true });
  const tell = (): void =>
    operation.step(`Recreating ${service.name}`, before.done + controller.progress.done, before.total);
  operation.step(`Recreating ${service.name}`, before.done, before.total);
  const ticking = setInterval(tell, TICK_MS);
  try {
    await controller.request({
      // A scaling under way knows better how many there are to be.
      replicas: controller.busy ? session.requested(service) : replicas,
      refresh: 'image',
    });
  } catch (error) {
    if (operation.signal.aborted)
      throw new FlotillaError('cancelled', `Recreating ${session.title} was cancelled.`, {
        hint: 'Some containers may still be of the earlier image: build and recreate again, or run the app.',
      });
    throw error;
  } finally {
    clearInterval(ticking);
    operation.signal.removeEventListener('abort', onAbort);
  }
}

/** By service: how many containers it has, and how many of them are of another image than the one its reference names now. */
async function staleReplicas(
  session: AppSession,
  app: AppModel,
  images: ReadonlySet<string>,
  client: EngineClient,
): Promise<Map<string, { replicas: number; count: number }>> {
  const containers = (await listProject(client, app.name)).filter(
    ({ Labels }) => session.owns(Labels ?? {}) && Labels?.[ONE_OFF_LABEL] !== 'True',
  );
  const stale = new Map<string, { replicas: number; count: number }>();
  for (const service of app.services) {
    if (!images.has(service.image)) continue;
    const own = containers.filter((container) => container.Labels?.[SERVICE_LABEL] === service.name);
    if (!own.some(isLive)) continue;
    const { Id: imageId } = await client.request<{ Id: string }>({ path: `/images/${service.image}/json` });
    const count = own.filter((container) => container.ImageID !== imageId).length;
    if (count > 0) stale.set(service.name, { replicas: own.length, count });
  }
  return stale;
}

function isLive(container: ContainerSummary): boolean {
  return LIVE.has(container.State ?? '');
}
