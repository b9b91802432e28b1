import { setTimeout as delay } from 'node:timers/promises';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { ImagesChange, ImageSummary } from '#shared/domain/Image.ts';
import type { EngineService, SnapshotChange } from '../engine/EngineApi.ts';
import { listImages } from './listImages.ts';

/** Events that follow each other closely cost one list. */
const GAP_MS = 400;
/** Of a container: when images come into or out of use. */
const USE_ACTIONS = new Set(['create', 'destroy', 'remove', 'rename']);

/** All images first, then what changed, told by the engine's events; while the engine is away it waits for the next. */
export async function* followImages(
  engine: EngineService,
  signal: AbortSignal,
): AsyncGenerator<ImagesChange[]> {
  let isStale = true;
  let wake: (() => void) | undefined;
  const stale = (): void => {
    isStale = true;
    wake?.();
  };
  const heard = [
    engine.onSnapshot((change) => concernsImages(change) && stale()),
    engine.onState((state) => state.phase === 'ready' && stale()),
  ];
  const onAbort = (): void => wake?.();
  signal.addEventListener('abort', onAbort, { once: true });
  let known: Map<string, string> | undefined;
  try {
    while (!signal.aborted) {
      if (!isStale || engine.state.phase !== 'ready') {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
        continue;
      }
      isStale = false;
      const changes: ImagesChange[] = [];
      try {
        const images = await listImages(engine.client(), signal);
        changes.push(
          ...(known === undefined ? [{ kind: 'snapshot' as const, images }] : changesOf(known, images)),
        );
        known = new Map(images.map((image) => [image.id, JSON.stringify(image)]));
      } catch (error) {
        if (signal.aborted) return;
        changes.push({ kind: 'failed', error: toErrorShape(error) });
        // After a failure everything is told anew.
        known = undefined;
      }
      if (changes.length > 0) yield changes;
      await delay(GAP_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    for (const listener of heard) void listener.dispose();
  }
}

function concernsImages(change: SnapshotChange): boolean {
  return change.kind !== 'container' || USE_ACTIONS.has(change.action);
}

function changesOf(known: ReadonlyMap<string, string>, images: readonly ImageSummary[]): ImagesChange[] {
  const present = new Set(images.map((image) => image.id));
  return [
    ...[...known.keys()].filter((id) => !present.has(id)).map((id) => ({ kind: 'removed' as const, id })),
    ...images
      .filter((image) => known.get(image.id) !== JSON.stringify(image))
      .map((image) => ({ kind: 'image' as const, image })),
  ];
}
