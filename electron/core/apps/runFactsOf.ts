import type { RunFacts } from './AppsApi.ts';
import type { AppSession } from './AppSession.ts';

/** What the ledger of runs is told of an opened folder; undefined while its files cannot be read. */
export function runFactsOf(session: AppSession | undefined): RunFacts | undefined {
  const app = session?.reading.model;
  if (session === undefined || app === undefined || app === null) return undefined;
  return {
    title: session.title,
    path: session.path,
    app,
    dangers: session.reading.dangers,
    isStarting: session.isUnder('up') || session.controllers.some(({ busy }) => busy),
    hasStarted: session.hasStarted,
    isStopped: (id) => session.stopped.has(id),
    requested: (name) => {
      const service = app.services.find((candidate) => candidate.name === name);
      return service === undefined ? 0 : session.requested(service);
    },
  };
}
