import type { Core } from '#core/Core.ts';
import type { CallHandlers, StreamHandlers } from '../Router.ts';

/** What the calls and streams about images and registries do. */
export function imageCallHandlers({ images }: Core) {
  return {
    'images.list': () => images.list(),
    'images.get': ({ image }) => images.get(image),
    'images.tag': ({ image, reference, replace }) => images.tag(image, reference, { replace }),
    'images.remove': ({ image, force }) => images.remove(image, { force }),
    'images.prunePreview': ({ scope }) => images.prunePreview(scope),
    'images.prune': ({ scope, ids }, signal) => images.prune(scope, ids, signal),
    'registries.list': () => images.registries(),
  } satisfies Partial<CallHandlers>;
}

export function imageStreamHandlers({ images }: Core) {
  return {
    images: (_, signal) => images.follow(signal),
    imagePull: ({ reference }, signal) => images.pull(reference, signal),
    imagePush: ({ reference }, signal) => images.push(reference, signal),
  } satisfies Partial<StreamHandlers>;
}
