import { useMemo, useSyncExternalStore } from 'react';
import type { LogViewClient } from '../view/LogViewClient.ts';

/** Whose lines can be chosen: the app's workers, and those that are gone but whose lines are kept. */
export function useOfferedWorkers(
  view: LogViewClient,
  app: { workers: readonly string[]; services: readonly string[] },
): { workers: readonly string[]; services: readonly string[] } {
  const { workers, services } = app;
  // As text: states come many times a second, and rarely with another worker.
  const known = useSyncExternalStore(view.subscribe, () => {
    const kept = (view.state?.workers ?? []).filter((entry) => entry.worker !== '');
    return JSON.stringify(kept.map((entry) => [entry.worker, entry.service]));
  });
  return useMemo(() => {
    const kept = JSON.parse(known) as [worker: string, service: string][];
    return {
      workers: joined(
        workers,
        kept.map(([worker]) => worker),
      ),
      services: joined(
        services,
        kept.map(([, service]) => service).filter((service) => service !== ''),
      ),
    };
  }, [known, workers, services]);
}

/** The first list as it is, then what only the second one has, in order. */
function joined(first: readonly string[], second: readonly string[]): string[] {
  const there = new Set(first);
  const added = [...new Set(second)].filter((name) => !there.has(name));
  return [...first, ...added.sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))];
}
