import { create } from 'zustand';
import type { Client } from '#shared/contract/Client.ts';
import type { ErrorShape } from '#shared/contract/errors.ts';
import type { ImagesChange, ImageSummary } from '#shared/domain/Image.ts';
import { followStream } from '../../stores/followStream.ts';

export interface ImagesStore {
  /** By id; undefined until the first snapshot. An entry is the same object until it changes. */
  images: ReadonlyMap<string, ImageSummary> | undefined;
  /** Why the engine could not be asked last; what is in `images` may be out of date. */
  failure: ErrorShape | undefined;
}

export const useImages = create<ImagesStore>(() => ({ images: undefined, failure: undefined }));

/** Applies what the stream told, in one change of the store. */
export function applyImageChanges(changes: readonly ImagesChange[]): void {
  useImages.setState(({ images, failure }) => {
    const next = new Map(images);
    let isKnown = images !== undefined;
    let reason = failure;
    for (const change of changes) {
      reason = change.kind === 'failed' ? change.error : undefined;
      if (change.kind === 'snapshot') {
        next.clear();
        isKnown = true;
        for (const image of change.images) next.set(image.id, image);
      } else if (change.kind === 'image') next.set(change.image.id, change.image);
      else if (change.kind === 'removed') next.delete(change.id);
    }
    return { images: isKnown ? next : undefined, failure: reason };
  });
}

/** Keeps the store true while a page shows it; returns the way to stop. */
export function followImages(client: Client): () => void {
  return followStream(client, 'images', {}, applyImageChanges);
}
