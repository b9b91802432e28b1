import type { StudyRecord } from '../domain/Study.ts';
import { measurePoints, type StudyPoint } from './measurePoints.ts';
import { remainingRuns } from './planRuns.ts';

/**
 * The points of the last whole study of a name.
 * @param records newest first
 */
export function baselineOf(records: readonly StudyRecord[], name: string): readonly StudyPoint[] | undefined {
  const record = records.find(
    ({ plan, runs }) => plan.name === name && remainingRuns(plan, runs).length === 0,
  );
  return record === undefined ? undefined : measurePoints(record).points;
}
