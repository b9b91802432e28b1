import type { EngineService } from '../engine/EngineApi.ts';
import { settledClient } from '../engine/settledClient.ts';
import { listLogins } from './credentials/listLogins.ts';
import type { ConfigPlace } from './credentials/readDockerConfig.ts';
import { DiskUsage } from './DiskUsage.ts';
import { followImages } from './followImages.ts';
import type { ImagesService } from './ImagesApi.ts';
import { inspectImage } from './inspectImage.ts';
import { listImages } from './listImages.ts';
import { previewBuildCache, pruneBuildCache } from './pruneBuildCache.ts';
import { previewImages, pruneImages } from './pruneImages.ts';
import { removeImage } from './removeImage.ts';
import { tagImage } from './tagImage.ts';
import { transferImage } from './transferImage.ts';

export interface ImagesServiceOptions extends ConfigPlace {
  engine: EngineService;
}

/** Images and registries of the engine in use. Credentials are read from docker's own configuration each time. */
export function createImagesService({ engine, env, homeDirectory }: ImagesServiceOptions): ImagesService {
  const usage = new DiskUsage();
  const place: ConfigPlace = { env, homeDirectory };
  const client = () => settledClient(engine);
  return {
    list: async () => listImages(await client()),
    follow: (signal) => followImages(engine, signal),
    get: async (image) => inspectImage(await client(), image),
    tag: async (image, reference, options) => tagImage(await client(), image, reference, options),
    remove: async (image, options) => removeImage(await client(), image, options),
    prunePreview: async (scope) =>
      scope === 'build-cache'
        ? previewBuildCache(await client(), usage)
        : previewImages(await client(), usage, scope),
    prune: async (scope, ids, signal) =>
      scope === 'build-cache'
        ? pruneBuildCache(await client(), usage, ids, signal)
        : pruneImages(await client(), usage, scope, ids, signal),
    pull: async function* (reference, signal, platform) {
      yield* transferImage({ client: await client(), direction: 'pull', reference, place, signal, platform });
    },
    push: async function* (reference, signal) {
      yield* transferImage({ client: await client(), direction: 'push', reference, place, signal });
    },
    registries: () => listLogins(place),
  };
}
