import type { StudyMode } from '#shared/domain/Study.ts';
import { createDrafts } from '../../stores/createDrafts.ts';
import { NO_DETAILS, type StudyDetailTexts } from './StudyDetails.tsx';

/** A new study as it is typed. */
interface StudyDraft {
  /** Undefined: as is usual for the CPUs of the engine. */
  counts?: string | undefined;
  repetitions: number;
  mode: StudyMode;
  /** Empty: the first worker. */
  service: string;
  details: StudyDetailTexts;
}

const USUAL_REPETITIONS = 7;

export const { useDraft: useStudyDraft, changeDraft: changeStudyDraft } = createDrafts<StudyDraft>({
  repetitions: USUAL_REPETITIONS,
  mode: 'strong',
  service: '',
  details: NO_DETAILS,
});
