import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { SweepsState, SweepTable } from '#shared/domain/Sweep.ts';
import { followStream } from '../../stores/followStream.ts';

/** The sweeps of an app, kept up to date; undefined until the first news. */
export function useSweeps(client: Client, appId: string): SweepsState | undefined {
  const [state, setState] = useState<SweepsState>();
  useEffect(
    () => followStream(client, 'sweeps', { appId }, (states) => setState(states.at(-1))),
    [client, appId],
  );
  return state;
}

/** The table of a sweep, kept up to date job by job; undefined until the first news, and where there is no sweep. */
export function useSweepTable(client: Client, sweepId: string | undefined): SweepTable | undefined {
  const [table, setTable] = useState<SweepTable>();
  useEffect(() => {
    if (sweepId === undefined) return undefined;
    return followStream(client, 'sweep', { sweepId }, (items) =>
      setTable((before) => {
        let next = before;
        let copied = false;
        for (const item of items)
          if (item.kind === 'table') {
            next = item.table;
            copied = true;
          } else if (next !== undefined) {
            // Copied once a batch, however many jobs of it changed.
            if (!copied) next = { ...next, jobs: [...next.jobs] };
            copied = true;
            next.jobs[item.job.index] = item.job;
          }
        return next;
      }),
    );
  }, [client, sweepId]);
  return table?.plan.id === sweepId ? table : undefined;
}
