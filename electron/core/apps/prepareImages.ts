import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { buildServices } from './buildServices.ts';
import type { OperationStep, OperationTools } from './OperationStep.ts';
import { pullImage } from './pullImage.ts';
import { hasStatus } from './stopContainer.ts';

/** Builds and pulls what an app needs and the engine does not have. */
export async function prepareImages(
  session: AppSession,
  app: AppModel,
  build: 'missing' | 'always' | 'never',
  client: EngineClient,
  tools: OperationTools,
  operation: OperationStep,
): Promise<void> {
  const toBuild: ServiceModel[] = [];
  const toPull = new Set<string>();
  const tags = new Set<string>();
  for (const service of app.services) {
    if (service.build !== undefined && build === 'always') {
      toBuild.push(service);
      continue;
    }
    if (await imageExists(client, service.image)) continue;
    if (service.build === undefined) toPull.add(service.image);
    else if (build !== 'never') toBuild.push(service);
    else
      throw new FlotillaError(
        'not-found',
        `${service.name} has no image yet: ${service.image} was not built.`,
        { hint: 'Build it first.' },
      );
  }
  // Two services of one image are built once.
  const once = toBuild.filter((service) => !tags.has(service.image) && tags.add(service.image));
  if (once.length > 0) await buildServices(session, once, false, tools, operation);
  await Promise.all(
    [...toPull].map(async (reference) => {
      operation.step(`Pulling ${reference}`);
      await pullImage(client, reference, operation.signal, (status) =>
        operation.step(`Pulling ${reference}: ${status}`),
      );
    }),
  );
}

/** Whether the engine has an image of this reference. */
export async function imageExists(client: EngineClient, reference: string): Promise<boolean> {
  try {
    await client.request({ path: `/images/${reference}/json` });
    return true;
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 400)) return false;
    throw error;
  }
}
