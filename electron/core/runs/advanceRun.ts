import type { RunOutcome, RunSummary, RunWorker } from '#shared/domain/Run.ts';
import type { Role } from '#shared/domain/Role.ts';

/** A container of the app as it is now. */
export interface SeenContainer {
  id: string;
  key: string;
  service: string;
  index: number;
  imageId: string;
  /** `waiting`: not started, or about to be started again. */
  state: 'running' | 'ended' | 'waiting';
  startedAt?: number | undefined;
  finishedAt?: number | undefined;
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
}

/** What an event told of a container's end. */
export interface HeardEnd {
  finishedAt: number;
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
}

export interface RunState {
  /** When the run before was over: what started later is of this one. */
  since: number;
  endedAt?: number | undefined;
  outcome?: RunOutcome | undefined;
  /** By container, in the order they started. */
  workers: ReadonlyMap<string, RunWorker>;
}

export interface RunStep {
  /** Workers that are new or have changed. */
  workers: RunWorker[];
  /** What the run's entry gains. */
  summary: Partial<RunSummary>;
}

/** The signals by which engines and people end containers, as exit codes: SIGINT, SIGKILL, SIGTERM. */
const BY_SIGNAL: ReadonlyMap<number, string> = new Map([
  [130, 'SIGINT'],
  [137, 'SIGKILL'],
  [143, 'SIGTERM'],
]);

/**
 * What became of a run since it was looked at last: containers that joined it, started again, ended or are gone; its end, which is that of main,
 * or of everything where no main ran; and its closing, when nothing of it is left running.
 *
 * @param heard ends by container, of those that are gone
 * @param isStopped whether its end was asked for
 * @param mayEnd false while the app is being started: what has ended by then is a step of it
 */
export function advanceRun(
  run: RunState,
  seen: readonly SeenContainer[],
  {
    heard,
    roleOf,
    isStopped,
    mayEnd,
  }: {
    heard: (containerId: string) => HeardEnd | undefined;
    roleOf: (service: string) => Role | undefined;
    isStopped: (containerId: string) => boolean;
    mayEnd: boolean;
  },
): RunStep {
  const workers = new Map(run.workers);
  const changed = new Set<string>();
  const put = (worker: RunWorker): void => {
    workers.set(worker.containerId, worker);
    changed.add(worker.containerId);
  };
  for (const container of seen) {
    const known = workers.get(container.id);
    const next = known === undefined ? joined(run, container) : followed(known, container);
    if (next !== undefined && next !== known) put(next);
  }
  const present = new Set(seen.map(({ id }) => id));
  for (const worker of workers.values()) {
    if (present.has(worker.containerId) || hasEnded(worker)) continue;
    const end = heard(worker.containerId);
    put({ ...worker, ...(end === undefined || end.finishedAt < worker.startedAt ? { lost: true } : end) });
  }
  const summary: Partial<RunSummary> = {};
  if (workers.size !== run.workers.size) summary.containers = workers.size;
  const all = [...workers.values()];
  const mains = all.filter(({ service }) => roleOf(service) === 'main');
  const decisive = mains.length > 0 ? mains : all;
  const isOver = all.every(hasEnded) && all.length > 0 && mayEnd;
  if (
    run.outcome === undefined &&
    decisive.every(hasEnded) &&
    decisive.length > 0 &&
    (mayEnd || mains.length > 0)
  )
    Object.assign(summary, endOf(decisive, isStopped));
  if (isOver)
    summary.closedAt = Math.max(...all.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt ?? 0]));
  return { workers: all.filter(({ containerId }) => changed.has(containerId)), summary };
}

export function hasEnded({ finishedAt, lost }: RunWorker): boolean {
  return finishedAt !== undefined || lost === true;
}

/** A container that the run did not have yet; undefined: it is none of its. */
function joined(run: RunState, container: SeenContainer): RunWorker | undefined {
  const { id, key, service, index, imageId, state, startedAt } = container;
  if (startedAt === undefined || (startedAt <= run.since && state === 'ended')) return undefined;
  const worker: RunWorker = { containerId: id, key, service, index, imageId, startedAt };
  return state === 'ended' ? { ...worker, ...endFields(container) } : worker;
}

function followed(known: RunWorker, container: SeenContainer): RunWorker {
  const { state, startedAt = known.startedAt, finishedAt } = container;
  // An event tells of a start a moment late; the engine's own time of it comes with an inspection.
  let worker = !hasEnded(known) && startedAt < known.startedAt ? { ...known, startedAt } : known;
  if (hasEnded(known)) {
    if (startedAt <= (known.finishedAt ?? known.startedAt)) return known;
    // Started again: its last end is the one that counts.
    const { finishedAt: _, exitCode: __, oomKilled: ___, lost: ____, ...going } = known;
    worker = going;
  }
  return state === 'ended' && finishedAt !== undefined ? { ...worker, ...endFields(container) } : worker;
}

function endFields({ finishedAt, exitCode, oomKilled }: SeenContainer): Partial<RunWorker> {
  return { finishedAt, exitCode, ...(oomKilled === true ? { oomKilled } : {}) };
}

function endOf(
  decisive: readonly RunWorker[],
  isStopped: (containerId: string) => boolean,
): Partial<RunSummary> {
  const gone = decisive.find(({ lost }) => lost === true);
  if (gone !== undefined)
    return {
      outcome: 'lost',
      reason: `${gone.key} was removed while Flotilla was not running, or did not hear the engine`,
    };
  const endedAt = Math.max(...decisive.map(({ finishedAt = 0 }) => finishedAt));
  const failed = decisive.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  const code = failed?.exitCode ?? decisive.find(({ exitCode }) => exitCode !== undefined)?.exitCode;
  const common = { endedAt, exitCode: code };
  const oom = decisive.find(({ oomKilled }) => oomKilled === true);
  if (oom !== undefined)
    return { ...common, outcome: 'failed', reason: `${oom.key} ran out of memory`, oomKilled: true };
  const stopped = decisive.find(({ containerId }) => isStopped(containerId));
  if (stopped !== undefined) return { ...common, outcome: 'stopped', reason: `${stopped.key} was stopped` };
  if (failed === undefined) return { ...common, outcome: 'ok' };
  const signal = BY_SIGNAL.get(failed.exitCode ?? 0);
  return signal === undefined
    ? { ...common, outcome: 'failed', reason: `${failed.key} ended with code ${failed.exitCode}` }
    : { ...common, outcome: 'stopped', reason: `${failed.key} was ended by ${signal}` };
}
