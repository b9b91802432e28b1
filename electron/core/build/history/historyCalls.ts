import { compareBuilds } from '#shared/build/compareBuilds.ts';
import { historyEntry, sizeDelta } from '#shared/build/historyEntry.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildHistoryEntry } from '#shared/domain/Build.ts';
import type { BuildService } from '../BuildApi.ts';
import type { BuildRecord } from '../BuildRecord.ts';
import type { BuildHistory, HistoricalBuild } from './BuildHistory.ts';

/**
 * What the build service answers about builds that may have ended long ago: from the builds of this session first, then
 * from the history. Without a history only those of this session are known.
 */
export function historyCalls(
  records: ReadonlyMap<string, BuildRecord>,
  history: BuildHistory | undefined,
): Pick<BuildService, 'find' | 'history' | 'keptOutput' | 'compare'> {
  const ofSession = (appId: string): BuildHistoryEntry[] => {
    const entries: BuildHistoryEntry[] = [];
    for (const { view } of records.values()) {
      const entry = view.appId === appId ? historyEntry(view, sizeDelta(view, entries)) : undefined;
      if (entry !== undefined) entries.push(entry);
    }
    return entries.reverse();
  };
  const ended = async (buildId: string): Promise<HistoricalBuild> => {
    const kept = await history?.find(buildId);
    if (kept !== undefined) return kept;
    const view = records.get(buildId)?.view;
    if (view === undefined) throw unknownBuild();
    const entry = ofSession(view.appId).find((candidate) => candidate.id === buildId);
    if (entry !== undefined) return { build: view, entry };
    throw new FlotillaError('conflict', `The build of ${view.service} has not ended yet.`, {
      hint: 'Compare it when it has.',
    });
  };
  return {
    async find(buildId) {
      const view = records.get(buildId)?.view ?? (await history?.find(buildId))?.build;
      if (view === undefined) throw unknownBuild();
      return view;
    },
    async history(appId, { service, limit }) {
      if (history !== undefined) return history.list(appId, { service, limit });
      return ofSession(appId)
        .filter((entry) => service === undefined || entry.service === service)
        .slice(0, limit);
    },
    async keptOutput(buildId) {
      const output = records.get(buildId)?.output() ?? (await history?.output(buildId));
      if (output === undefined) throw unknownBuild();
      return output;
    },
    async compare(left, right) {
      return compareBuilds(await ended(left), await ended(right));
    },
  };
}

function unknownBuild(): FlotillaError {
  return new FlotillaError('not-found', 'There is no such build.', {
    hint: 'The last 200 builds of an app are kept.',
  });
}
