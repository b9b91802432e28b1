import type { BuildSummary, BuildView } from '#shared/domain/Build.ts';
import type { BuildService } from '../build/BuildApi.ts';

/** The builds of an app in short, newest first. `appIds`: all apps, whose builds wait in one queue. */
export function buildSummaries(
  builds: Pick<BuildService, 'list'>,
  appId: string,
  appIds: Iterable<string>,
): BuildSummary[] {
  const own = builds.list(appId);
  const queue = own.some(isQueued) ? [...appIds].flatMap((id) => builds.list(id).filter(isQueued)) : [];
  return own.map((build) => ({
    id: build.id,
    service: build.service,
    state: build.state,
    startedAt: build.startedAt,
    begunAt: build.begunAt,
    endedAt: build.endedAt,
    ...(build.steps.length === 0 ? {} : { progress: progressOf(build) }),
    ...(isQueued(build) ? { queuedBehind: countBefore(queue, build) } : {}),
  }));
}

function isQueued(build: BuildView): boolean {
  return build.state === 'queued';
}

function progressOf({ steps }: BuildView): { done: number; total: number } {
  return {
    done: steps.filter((step) => step.state !== 'pending' && step.state !== 'running').length,
    total: steps.length,
  };
}

function countBefore(queue: readonly BuildView[], build: BuildView): number {
  return queue.filter(
    (other) =>
      other.id !== build.id &&
      (other.startedAt < build.startedAt ||
        // Those of one app asked for in the same millisecond: the list has the newest first.
        (other.startedAt === build.startedAt && queue.indexOf(other) > queue.indexOf(build))),
  ).length;
}
