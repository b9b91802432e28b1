import type { Core } from '#core/Core.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { LatestQueue } from '../LatestQueue.ts';
import type { CallHandlers, StreamHandlers } from '../Router.ts';

const GAP_MS = 100;

/** What the calls about studies do. */
export function studyCallHandlers({ studyBoard }: Core) {
  return {
    'studies.start': ({ appId, ...options }) => studyBoard.start(appId, options),
    'studies.resume': ({ appId }) => studyBoard.resume(appId),
    'studies.cancel': async ({ appId }) => {
      studyBoard.cancel(appId);
      return null;
    },
  } satisfies Partial<CallHandlers>;
}

export function studyStreamHandlers({ studyBoard }: Core) {
  return {
    studies: async function* ({ appId }, signal) {
      const changes = new LatestQueue<true>();
      const heard = studyBoard.onChange((changed) => {
        if (changed === appId) changes.put('changed', true);
      });
      try {
        const state = async (): Promise<StreamItem<'studies'>[]> => [await studyBoard.state(appId)];
        yield await state();
        for await (const _ of changes.batches(signal, GAP_MS)) yield await state();
      } finally {
        void heard.dispose();
      }
    },
  } satisfies Partial<StreamHandlers>;
}
