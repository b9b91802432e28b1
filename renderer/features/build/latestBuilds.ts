import type { BuildSummary } from '#shared/domain/Build.ts';

/** The newest build of each service, newest first. */
export function latestBuilds(builds: readonly BuildSummary[]): BuildSummary[] {
  const newest = new Map<string, BuildSummary>();
  for (const build of builds) {
    const known = newest.get(build.service);
    if (!known || build.startedAt > known.startedAt) newest.set(build.service, build);
  }
  return [...newest.values()].sort((left, right) => right.startedAt - left.startedAt);
}
