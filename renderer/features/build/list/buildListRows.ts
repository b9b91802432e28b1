import type { BuildHistoryEntry, BuildState, BuildSummary } from '#shared/domain/Build.ts';

/** A build as a line of the list, whether it goes on or has ended. */
export interface ListedBuild {
  id: string;
  service: string;
  state: BuildState;
  startedAt: number;
  begunAt: number | undefined;
  endedAt: number | undefined;
  progress: { done: number; total: number } | undefined;
  queuedBehind: number | undefined;
  /** What the history says of it, once it has ended. */
  entry: BuildHistoryEntry | undefined;
}

export type BuildListRow =
  | { kind: 'head'; id: string; text: string; count: number }
  /** `isNamed`: it says its service, for it does not stand below that. */
  | { kind: 'build'; build: ListedBuild; isNamed: boolean };

const LATEST = 'Latest of each service';

/** Builds of this session and of the history, each once, newest first. */
export function mergeBuilds(
  builds: readonly BuildSummary[],
  entries: readonly BuildHistoryEntry[],
): ListedBuild[] {
  const byId = new Map<string, ListedBuild>();
  for (const build of builds)
    byId.set(build.id, {
      id: build.id,
      service: build.service,
      state: build.state,
      startedAt: build.startedAt,
      begunAt: build.begunAt,
      endedAt: build.endedAt,
      progress: build.progress,
      queuedBehind: build.queuedBehind,
      entry: undefined,
    });
  for (const entry of entries)
    byId.set(entry.id, {
      id: entry.id,
      service: entry.service,
      state: entry.state,
      startedAt: entry.startedAt,
      begunAt: entry.begunAt,
      endedAt: entry.endedAt,
      progress: undefined,
      queuedBehind: undefined,
      entry,
    });
  // Of one moment: those asked for last come first, as the engine's list has them.
  return [...byId.values()].sort((left, right) => right.startedAt - left.startedAt);
}

/**
 * The lines of the list: the newest build of each of the app's services, so that none is out of sight behind the earlier ones of another;
 * below those the services in the app's order, then those it no longer has, each above its earlier builds.
 */
export function buildListRows(builds: readonly ListedBuild[], services: readonly string[]): BuildListRow[] {
  const groups = new Map<string, ListedBuild[]>(services.map((service) => [service, []]));
  for (const build of builds) {
    const group = groups.get(build.service);
    if (group) group.push(build);
    else groups.set(build.service, [build]);
  }
  const latest = services.flatMap((service) => groups.get(service)?.slice(0, 1) ?? []);
  const sections = [...groups].map(([service, own]) => ({ service, own }));
  // One service's builds need no summary.
  const hasSummary = latest.length > 1;
  if (hasSummary)
    for (const section of sections) section.own = section.own.filter((build) => !latest.includes(build));
  return [
    ...(hasSummary ? sectionRows('latest', LATEST, latest, true) : []),
    ...sections.flatMap(({ service, own }) => sectionRows(`service ${service}`, service, own, false)),
  ];
}

function sectionRows(
  id: string,
  text: string,
  builds: readonly ListedBuild[],
  isNamed: boolean,
): BuildListRow[] {
  if (builds.length === 0) return [];
  return [
    { kind: 'head', id, text, count: builds.length },
    ...builds.map((build) => ({ kind: 'build' as const, build, isNamed })),
  ];
}

/** What is shown while nothing is chosen: what goes on, else the newest of a service that failed, else the newest. */
export function usualBuild(builds: readonly ListedBuild[]): ListedBuild | undefined {
  const newest = new Map<string, ListedBuild>();
  for (const build of builds) if (!newest.has(build.service)) newest.set(build.service, build);
  const latest = [...newest.values()];
  return (
    latest.find((build) => build.state === 'building' || build.state === 'packing') ??
    latest.find((build) => build.state === 'queued') ??
    latest.find((build) => build.state === 'failed' && isOfSameRun(build, latest[0])) ??
    latest[0]
  );
}

/** A failure of long ago is no news when something was built since. */
function isOfSameRun(build: ListedBuild, newest: ListedBuild | undefined): boolean {
  return newest === undefined || build.startedAt >= newest.startedAt - 1_000;
}
