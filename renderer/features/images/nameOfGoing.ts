import type { PrunePreview } from '#shared/domain/Image.ts';
import { cacheRecordTitle } from './cacheRecordWords.ts';
import { nameOfImage } from './imageRows.ts';

/** What a person calls something that pruning takes away. */
export function nameOfGoing(image: PrunePreview['images'][number]): string {
  if (image.cache !== undefined || image.description !== undefined) return cacheRecordTitle(image);
  return image.tags.join(', ') || nameOfImage(image);
}
