import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { ImageSummary, PrunePreview, PruneResult } from '#shared/domain/Image.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { DiskUsage } from './DiskUsage.ts';
import { listImages } from './listImages.ts';
import { ReclaimableBytes } from './reclaimableBytes.ts';
import { listOf, removeImage } from './removeImage.ts';

type Scope = 'dangling' | 'unused';

/** What would go: images without a tag (`dangling`), or all (`unused`), that no container, not even a stopped one, uses. */
export async function previewImages(
  client: EngineClient,
  usage: DiskUsage,
  scope: Scope,
): Promise<PrunePreview> {
  const images = await listImages(client);
  const going = images.filter((image) => goes(image, scope));
  const measured = await measure(client, usage, images);
  return {
    scope,
    images: going.map(({ id, tags, digests, sizeBytes }) => ({ id, tags, digests, sizeBytes })),
    reclaimableBytes: measured.of(new Set(going.map(({ id }) => id))),
  };
}

/** Takes away those of `ids` that are still in the scope, one by one; the others stay, each with the reason. */
export async function pruneImages(
  client: EngineClient,
  usage: DiskUsage,
  scope: Scope,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<PruneResult> {
  const images = await listImages(client);
  const measured = await measure(client, usage, images);
  const known = new Map(images.map((image) => [image.id, image]));
  const kept: PruneResult['kept'] = [];
  const gone = new Set<string>();
  for (const id of new Set(ids)) {
    const image = known.get(id);
    if (signal?.aborted === true) kept.push({ id, reason: 'Pruning was cancelled before its turn.' });
    else if (image === undefined) kept.push({ id, reason: 'It is gone already.' });
    else if (!goes(image, scope)) kept.push({ id, reason: reasonToStay(image) });
    else
      try {
        await removeImage(client, id);
        gone.add(id);
      } catch (error) {
        if (error instanceof FlotillaError && error.code === 'engine-unavailable') throw error;
        kept.push({ id, reason: toErrorShape(error).message });
      }
  }
  return { removed: gone.size, freedBytes: measured.of(gone), kept };
}

async function measure(
  client: EngineClient,
  usage: DiskUsage,
  images: readonly ImageSummary[],
): Promise<ReclaimableBytes> {
  return ReclaimableBytes.measure(client, images, await usage.sharedSizes(client));
}

function goes(image: ImageSummary, scope: Scope): boolean {
  return image.usedBy.length === 0 && (scope === 'unused' || image.tags.length === 0);
}

function reasonToStay(image: ImageSummary): string {
  return image.usedBy.length > 0
    ? `It is used by ${listOf(image.usedBy)}.`
    : `It has a name now: ${listOf(image.tags)}.`;
}
