import { createHash } from 'node:crypto';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagePath } from './imagePath.ts';
import type { ImageInspection } from './inspectImage.ts';
import { type HistoryEntry, stepOfLayer } from './stepOfLayer.ts';

/** The layer of a step that changed no file; the engine's history has no size for it. */
const EMPTY_LAYER = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';
const ASKED_AT_ONCE = 8;
/** Images that share layers are asked for them one by one; of more than so many the engine's own sums are taken. */
const MOST_ASKED = 1_000;

/** Instructions that write files; others only change settings. */
const WRITING = /^(RUN|COPY|ADD|WORKDIR)\b/;

export interface MeasuredImage {
  id: string;
  sizeBytes: number;
}

/** The layers of an image from the lowest up. */
interface Chain {
  /** Each names a layer and all below it. */
  keys: string[];
  /** What each adds; undefined where the engine's history cannot be laid beside the layers. */
  bytes: number[] | undefined;
}

/**
 * How many bytes become free when some images go: a layer counts once, and only when no image that stays has it. Where layers cannot
 * be told apart, only what belongs to one image alone is counted, so that the engine frees no less.
 */
export class ReclaimableBytes {
  readonly #images: readonly MeasuredImage[];
  readonly #shared: ReadonlyMap<string, number>;
  /** Of the images that share layers with others. */
  readonly #chains: ReadonlyMap<string, Chain>;

  private constructor(
    images: readonly MeasuredImage[],
    shared: ReadonlyMap<string, number>,
    chains: ReadonlyMap<string, Chain>,
  ) {
    this.#images = images;
    this.#shared = shared;
    this.#chains = chains;
  }

  /** @param shared bytes that an image shares with others; images that are absent may share anything */
  static async measure(
    client: EngineClient,
    images: readonly MeasuredImage[],
    shared: ReadonlyMap<string, number>,
  ): Promise<ReclaimableBytes> {
    const sharing = images.filter(({ id }) => shared.get(id) !== 0);
    const chains = new Map<string, Chain>();
    if (sharing.length <= MOST_ASKED) {
      const waiting = [...sharing];
      const lane = async (): Promise<void> => {
        for (let image = waiting.pop(); image !== undefined; image = waiting.pop()) {
          const chain = await readChain(client, image.id);
          if (chain !== undefined) chains.set(image.id, chain);
        }
      };
      await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE, waiting.length) }, lane));
    }
    return new ReclaimableBytes(images, shared, chains);
  }

  /** Bytes that go with these images. */
  of(going: ReadonlySet<string>): number {
    const kept = new Set<string>();
    // A layer cannot be called free while an image stays of which nothing is known.
    let isUnknownKept = false;
    for (const { id } of this.#images) {
      if (going.has(id) || this.#shared.get(id) === 0) continue;
      const chain = this.#chains.get(id);
      if (chain === undefined) isUnknownKept = true;
      else for (const key of chain.keys) kept.add(key);
    }
    let sum = 0;
    const counted = new Set<string>();
    for (const { id, sizeBytes } of this.#images) {
      if (!going.has(id)) continue;
      const shared = this.#shared.get(id);
      const { keys, bytes } = this.#chains.get(id) ?? { keys: [], bytes: undefined };
      if (shared === 0) sum += sizeBytes;
      else if (bytes === undefined || isUnknownKept) sum += sizeBytes - (shared ?? sizeBytes);
      else
        for (const [index, key] of keys.entries())
          if (!kept.has(key) && !counted.has(key)) {
            counted.add(key);
            sum += bytes[index] ?? 0;
          }
    }
    return sum;
  }
}

/** Undefined where the image is gone. */
async function readChain(client: EngineClient, id: string): Promise<Chain | undefined> {
  try {
    const [inspection, history] = await Promise.all([
      client.request<ImageInspection>({ path: `${imagePath(id)}/json` }),
      client.request<HistoryEntry[]>({ path: `${imagePath(id)}/history` }),
    ]);
    const layers = inspection.RootFS?.Layers ?? [];
    let below = '';
    const keys = layers.map(
      (layer) => (below = createHash('sha256').update(`${below} ${layer}`).digest('hex')),
    );
    return { keys, bytes: sizesOf(layers, [...history].reverse()) };
  } catch {
    return undefined;
  }
}

/**
 * What each layer adds. The history has an entry for each step, also for those without a layer, and does not say which they are: a size
 * above 0 is a layer for certain; if those do not add up, steps that write files are taken.
 */
function sizesOf(layers: readonly string[], history: readonly HistoryEntry[]): number[] | undefined {
  const sizes = history.map(({ Size = 0 }) => Math.max(0, Size));
  const certain = sizes.filter((size) => size > 0);
  const filled = layers.filter((layer) => layer !== EMPTY_LAYER);
  if (certain.length === filled.length) {
    let next = 0;
    return layers.map((layer) => (layer === EMPTY_LAYER ? 0 : (certain[next++] ?? 0)));
  }
  const likely = sizes.filter((size, index) => size > 0 || WRITING.test(stepOfLayer(history[index] ?? {})));
  return likely.length === layers.length ? likely : undefined;
}
