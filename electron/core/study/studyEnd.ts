import { toErrorShape } from '#shared/contract/errors.ts';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import type { StudyEnd } from '../runs/RunsApi.ts';

/** What the ledger says of a study that is over: its verdict, or why it is not whole. */
export function studyEnd(record: StudyRecord, failure: unknown): StudyEnd {
  if (failure !== undefined) {
    const { code, message } = toErrorShape(failure);
    return { outcome: code === 'cancelled' ? 'stopped' : 'failed', reason: message.replace(/\.$/, '') };
  }
  const { base, verdict } = analyseStudy(record);
  return { outcome: base === undefined ? 'failed' : 'ok', reason: verdict.replace(/\.$/, '') };
}
