import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { withContextServices } from '#shared/build/contextServices.ts';
import { transferProgress } from '#shared/image/transferProgress.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { buildServices } from './buildServices.ts';
import type { OperationStep, OperationTools } from './OperationStep.ts';
import { otherPlatform } from './otherPlatform.ts';
import { readImages } from './readEngineFacts.ts';
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
  /** By reference: the platform it is wanted for, if any. */
  const toPull = new Map<string, string | undefined>();
  const tags = new Set<string>();
  const present = await readImages(client, app);
  for (const service of app.services) {
    const isBuilt = build === 'always' || (build === 'missing' && service.pullPolicy === 'build');
    if (service.build !== undefined && isBuilt) {
      toBuild.push(service);
      continue;
    }
    if (service.build === undefined && service.pullPolicy === 'always') {
      toPull.set(service.image, service.platform);
      continue;
    }
    if (present.has(service.image)) {
      const isFetched = service.build === undefined && service.pullPolicy !== 'never';
      if (isFetched && (await isForAnother(client, service))) toPull.set(service.image, service.platform);
      continue;
    }
    if (service.build === undefined && service.pullPolicy === 'never')
      throw new FlotillaError(
        'not-found',
        `${service.name} has no image: ${service.image} is not there, and pull_policy: never forbids to fetch it.`,
        { hint: `Fetch it with docker pull ${service.image}, or take pull_policy out of the compose file.` },
      );
    if (service.build === undefined) toPull.set(service.image, service.platform);
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
  // What one service builds another may use by its name.
  for (const tag of tags) toPull.delete(tag);
  // What is built only for another runs on as it is: its image is not made anew while it is there.
  const built = withContextServices(
    once,
    app.services,
    ({ image }) => build !== 'always' && present.has(image),
  );
  if (built.length > 0) await buildServices(session, built, { noCache: false }, tools, operation);
  await Promise.all([...toPull].map(([reference, platform]) => pull(reference, platform, tools, operation)));
  for (const service of app.services) await assertPlatform(client, service);
}

const isForAnother = async (client: EngineClient, { image, platform }: ServiceModel): Promise<boolean> =>
  platform !== undefined && (await otherPlatform(client, image, platform)) !== undefined;

/** Said before anything is made: the engine would say only that there is no such image. @throws FlotillaError `conflict` */
async function assertPlatform(client: EngineClient, service: ServiceModel): Promise<void> {
  const { name, image, platform, build } = service;
  if (platform === undefined) return;
  const other = await otherPlatform(client, image, platform);
  if (other === undefined) return;
  throw new FlotillaError(
    'conflict',
    `${name} is to run on ${platform}, and its image ${image} is made for ${other}.`,
    {
      hint:
        build === undefined
          ? 'Name an image that is made for it, or take platform out of the compose file.'
          : 'Build it again: it is built for its platform then.',
    },
  );
}

/** Pulls one image with the sign-in of docker's own configuration, telling its layers as they come. */
async function pull(
  reference: string,
  platform: string | undefined,
  { images }: OperationTools,
  operation: OperationStep,
): Promise<void> {
  operation.step(`Pulling ${reference}`);
  for await (const [transfer] of images.pull(reference, operation.signal, platform)) {
    if (transfer === undefined) continue;
    const { layers, layersDone, share } = transferProgress(transfer);
    if (share === undefined) operation.step(`Pulling ${reference}: ${transfer.status}`);
    else operation.step(`Pulling ${reference}, ${Math.floor(share * 100)} %`, layersDone, layers);
  }
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
