import type { RunSummary } from '#shared/domain/Run.ts';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { remainingRuns } from '#shared/study/planRuns.ts';
import type { RunPatch } from './RunIndex.ts';
import type { StudyEnd } from './RunsApi.ts';

/** A study as an entry of the ledger that goes on. */
export function studyEntry({ plan, runs }: StudyRecord, path: string): RunSummary {
  const { id, appId, project, title, name, createdAt } = plan;
  return {
    ...{ id, kind: 'study', appId, project, title, path, origin: 'flotilla', containers: 0 },
    startedAt: createdAt,
    made: { done: runs.length, total: runs.length + remainingRuns(plan, runs).length },
    ...(name === undefined ? {} : { name }),
  };
}

/** What such an entry gains at its end; one that goes on loses it again. */
export function endOfStudy(end: StudyEnd | undefined): Omit<RunPatch, 'id'> {
  if (end === undefined) return { outcome: null, reason: null, endedAt: null, closedAt: null };
  const now = Date.now();
  return { ...end, endedAt: now, closedAt: now };
}

export const BROKEN_OFF: StudyEnd = {
  outcome: 'lost',
  reason: 'Flotilla ended in the middle of it; `flotilla study --resume` goes on',
};

/** One that has no end while no study is under way was left by a Flotilla that ended. */
export function asItIs(run: RunSummary, isStudying: boolean): RunSummary {
  return run.kind !== 'study' || run.outcome !== undefined || isStudying
    ? run
    : { ...run, ...BROKEN_OFF, closedAt: run.startedAt };
}
