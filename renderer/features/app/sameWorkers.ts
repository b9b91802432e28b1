import type { WorkerView } from '#shared/domain/AppView.ts';

/**
 * The new list with every worker that has not changed replaced by its old object, so that only changed tiles are
 * drawn anew: each update from the privileged side comes as a whole new tree. The old list itself if nothing did.
 */
export function sameWorkers(
  before: readonly WorkerView[],
  now: readonly WorkerView[],
): readonly WorkerView[] {
  const known = new Map(before.map((worker) => [worker.key, worker]));
  let changed = before.length !== now.length;
  const merged = now.map((worker, at) => {
    const old = known.get(worker.key);
    const kept = old && equal(old, worker) ? old : worker;
    if (kept !== before[at]) changed = true;
    return kept;
  });
  return changed ? merged : before;
}

function equal(left: WorkerView, right: WorkerView): boolean {
  return (
    left === right ||
    (left.phase === right.phase &&
      left.service === right.service &&
      left.index === right.index &&
      left.containerId === right.containerId &&
      left.containerName === right.containerName &&
      left.health === right.health &&
      left.exitCode === right.exitCode &&
      left.oomKilled === right.oomKilled &&
      left.startedAt === right.startedAt &&
      left.finishedAt === right.finishedAt &&
      left.limits?.memoryBytes === right.limits?.memoryBytes &&
      left.limits?.cpus === right.limits?.cpus &&
      left.limits?.pidsLimit === right.limits?.pidsLimit &&
      left.limits?.cpuset === right.limits?.cpuset &&
      left.limits?.cpusetMems === right.limits?.cpusetMems &&
      left.error?.code === right.error?.code &&
      left.error?.message === right.error?.message &&
      left.error?.hint === right.error?.hint &&
      left.ports.length === right.ports.length &&
      left.ports.every((port, at) => port === right.ports[at]))
  );
}

/** Remembers the last list, for use across renders: see {@link sameWorkers}. Same input, same output. */
export function workerKeeper(): (now: readonly WorkerView[]) => readonly WorkerView[] {
  let last: readonly WorkerView[] = [];
  return (now) => {
    last = sameWorkers(last, now);
    return last;
  };
}
