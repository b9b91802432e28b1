import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { PrunePreview, PruneResult } from '#shared/domain/Image.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { DiskUsage } from './DiskUsage.ts';
import { ancestorsOf, childrenOf, type LinkedImage, listLinkedImages } from './LinkedImage.ts';
import { ReclaimableBytes } from './reclaimableBytes.ts';
import { listOf, removeImage } from './removeImage.ts';

type Scope = 'dangling' | 'unused';

/**
 * What would go: images without a tag (`dangling`), or all (`unused`), that no container, not even a stopped one, uses and on which no
 * image stands that stays. Hidden images on which only those stand are part of it, each with `under`.
 */
export async function previewImages(
  client: EngineClient,
  usage: DiskUsage,
  scope: Scope,
): Promise<PrunePreview> {
  const images = await listLinkedImages(client);
  const children = childrenOf(images);
  const verdicts = new Map<string, boolean>();
  const isGoing = (image: LinkedImage): boolean => {
    const known = verdicts.get(image.id);
    if (known !== undefined) return known;
    const verdict = goes(image, scope) && (children.get(image.id) ?? []).every(isGoing);
    verdicts.set(image.id, verdict);
    return verdict;
  };
  const going = images.filter(isGoing).sort((a, b) => Number(a.hidden) - Number(b.hidden));
  const measured = await measure(client, usage, images, new Set(going.map(({ id }) => id)));
  return {
    scope,
    images: going.map(({ id, tags, digests, createdAt, sizeBytes, hidden }) => {
      const under = hidden ? children.get(id)?.[0]?.id : undefined;
      return { id, tags, digests, createdAt, sizeBytes, ...(under === undefined ? {} : { under }) };
    }),
    reclaimableBytes: measured.of(new Set(going.map(({ id }) => id))),
  };
}

/** Takes away those of `ids` that are still in the scope, one by one; the others stay, each with the reason. Nothing else goes. */
export async function pruneImages(
  client: EngineClient,
  usage: DiskUsage,
  scope: Scope,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<PruneResult> {
  const images = await listLinkedImages(client);
  const wanted = new Set(ids);
  const measured = await measure(client, usage, images, wanted);
  const known = new Map(images.map((image) => [image.id, image]));
  const kept = new Map<string, string>();
  const gone = new Set<string>();
  // The engine removes no image while others stand on it.
  const depth = (id: string): number => {
    const image = known.get(id);
    return image === undefined ? 0 : ancestorsOf(image, known).length;
  };
  const topFirst = [...wanted].map((id) => ({ id, depth: depth(id) })).sort((a, b) => b.depth - a.depth);
  for (const { id } of topFirst) {
    const image = known.get(id);
    if (signal?.aborted === true) kept.set(id, 'Pruning was cancelled before its turn.');
    else if (image === undefined) kept.set(id, 'It is gone already.');
    else if (!goes(image, scope)) kept.set(id, reasonToStay(image));
    else
      try {
        await removeImage(client, id, { keepParents: true });
        gone.add(id);
      } catch (error) {
        if (error instanceof FlotillaError && error.code === 'engine-unavailable') throw error;
        kept.set(id, toErrorShape(error).message);
      }
  }
  return {
    removed: gone.size,
    freedBytes: measured.of(gone),
    kept: [...wanted].flatMap((id) => {
      const reason = kept.get(id);
      return reason === undefined ? [] : [{ id, reason }];
    }),
  };
}

/**
 * Of hidden images only those matter of which others go: the layers of one that stays are not freed, those of one that goes must
 * not be held back.
 */
async function measure(
  client: EngineClient,
  usage: DiskUsage,
  images: readonly LinkedImage[],
  going: ReadonlySet<string>,
): Promise<ReclaimableBytes> {
  const byId = new Map(images.map((image) => [image.id, image]));
  const under = new Set(
    images.filter(({ id }) => going.has(id)).flatMap((image) => ancestorsOf(image, byId)),
  );
  const counted = images.filter((image) => !image.hidden || going.has(image.id) || under.has(image));
  return ReclaimableBytes.measure(client, counted, await usage.sharedSizes(client));
}

function goes(image: LinkedImage, scope: Scope): boolean {
  return image.usedBy.length === 0 && (scope === 'unused' || image.tags.length === 0);
}

function reasonToStay(image: LinkedImage): string {
  return image.usedBy.length > 0
    ? `It is used by ${listOf(image.usedBy)}.`
    : `It has a name now: ${listOf(image.tags)}.`;
}
