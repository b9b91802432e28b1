import type { ImageTransfer, LayerTransfer } from '../domain/Image.ts';

/** Of a pull a layer is fetched first and unpacked then; the part that fetching takes. */
const FETCH_SHARE = 0.7;

/** How far a pull or push is as a whole. */
export interface TransferProgress {
  layersDone: number;
  layers: number;
  /** 0 to 1; undefined as long as nothing is known of any layer. Layers weigh what they hold. */
  share: number | undefined;
}

export function transferProgress({
  direction,
  layers,
}: Pick<ImageTransfer, 'direction' | 'layers'>): TransferProgress {
  const known = layers.flatMap((layer) => (layer.totalBytes === undefined ? [] : [layer.totalBytes]));
  const usual = known.length === 0 ? 1 : known.reduce((sum, bytes) => sum + bytes, 0) / known.length;
  let weight = 0;
  let done = 0;
  for (const layer of layers) {
    // One that was there already took no time.
    const own = layer.totalBytes ?? (layer.done ? 0 : usual);
    weight += own;
    done += own * shareOf(layer, direction);
  }
  const layersDone = layers.filter((layer) => layer.done).length;
  const share = layers.length === 0 ? undefined : weight === 0 ? layersDone / layers.length : done / weight;
  return { layersDone, layers: layers.length, share };
}

/** How far one layer is, 0 to 1. */
export function shareOf(layer: LayerTransfer, direction: ImageTransfer['direction']): number {
  if (layer.done) return 1;
  const part =
    layer.totalBytes === undefined || layer.doneBytes === undefined ? 0 : layer.doneBytes / layer.totalBytes;
  if (direction === 'push') return part;
  if (/^(verifying|download complete)/i.test(layer.status)) return FETCH_SHARE;
  if (/^extracting/i.test(layer.status)) return FETCH_SHARE + (1 - FETCH_SHARE) * part;
  return FETCH_SHARE * part;
}
