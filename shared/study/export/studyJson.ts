import type { StudyRecord } from '../../domain/Study.ts';
import type { StudyReport } from '../analyseStudy.ts';

/** A study for other programs: the plan, all runs, and what follows from them. */
export function studyJson(record: StudyRecord, report: StudyReport): string {
  return `${JSON.stringify({ format: 'flotilla-study', version: 1, record, report }, null, 2)}\n`;
}
