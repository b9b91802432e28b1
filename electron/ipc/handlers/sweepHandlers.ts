import type { Core } from '#core/Core.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { LatestQueue } from '../LatestQueue.ts';
import type { CallHandlers, StreamHandlers } from '../Router.ts';

const STATE_GAP_MS = 250;
const JOBS_GAP_MS = 100;

/** What the calls about sweeps do. */
export function sweepCallHandlers({ sweeps, sweepBoard }: Core) {
  return {
    'sweeps.start': ({ appId, ...options }) => sweepBoard.start(appId, options),
    'sweeps.resume': ({ sweepId, ...options }) => sweepBoard.resume(sweepId, options),
    'sweeps.cancel': async ({ appId }) => {
      sweepBoard.cancel(appId);
      return null;
    },
    'sweeps.delete': ({ sweepId }) => sweepBoard.remove(sweepId),
    'sweeps.log': ({ sweepId, job }) => sweeps.log(sweepId, job),
  } satisfies Partial<CallHandlers>;
}

export function sweepStreamHandlers({ sweeps, sweepBoard }: Core) {
  return {
    sweeps: async function* ({ appId }, signal) {
      const changes = new LatestQueue<true>();
      const heard = sweepBoard.onChange((changed) => {
        if (changed === appId) changes.put('changed', true);
      });
      try {
        // Another Flotilla may have made some meanwhile.
        sweepBoard.forget(appId);
        yield [await sweepBoard.state(appId)];
        for await (const _ of changes.batches(signal, STATE_GAP_MS)) yield [await sweepBoard.state(appId)];
      } finally {
        void heard.dispose();
      }
    },
    sweep: async function* ({ sweepId }, signal) {
      const { plan } = await sweeps.find(sweepId);
      const changes = new LatestQueue<StreamItem<'sweep'> | 'all'>();
      const heard = sweepBoard.onChange((appId, job) => {
        if (appId !== plan.appId) return;
        if (job === undefined) changes.put('all', 'all');
        else if (sweepBoard.isGoing(plan)) changes.put(String(job.index), { kind: 'job', job });
      });
      const whole = async (): Promise<StreamItem<'sweep'>[]> => [
        { kind: 'table', table: await sweepBoard.table(plan.id) },
      ];
      try {
        yield await whole();
        for await (const items of changes.batches(signal, JOBS_GAP_MS)) {
          const jobs = items.filter((item) => item !== 'all');
          yield jobs.length < items.length ? await whole() : jobs;
        }
      } finally {
        void heard.dispose();
      }
    },
  } satisfies Partial<StreamHandlers>;
}
