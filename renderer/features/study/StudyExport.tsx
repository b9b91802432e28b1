import { toast } from 'sonner';
import type { StudyRecord } from '#shared/domain/Study.ts';
import type { StudyReport } from '#shared/study/analyseStudy.ts';
import type { ReportExtras } from '#shared/study/export/reportHtml.ts';
import { fileName, saveFile } from '../../app/saveFile.ts';
import { showError } from '../../app/showError.ts';
import { ExportMenu } from '../../ui/ExportMenu.tsx';
import { STUDY_FILES, type StudyEnding, studyFile } from './exportStudy.ts';

interface StudyExportProps {
  record: StudyRecord;
  report: StudyReport;
  extras: ReportExtras;
}

/** Saves a study as a file. Pictures need something that was measured. */
export function StudyExport({ record, report, extras }: StudyExportProps) {
  const save = async (ending: StudyEnding): Promise<void> => {
    const content = await studyFile(ending, record, report, extras);
    const { title, name, createdAt } = record.plan;
    saveFile(
      content,
      fileName(`${title}-study${name === undefined ? '' : `-${name}`}`, 'study', new Date(createdAt), ending),
    );
    toast.success('Exported');
  };
  return (
    <ExportMenu
      items={STUDY_FILES.map(({ label, ending }) => ({
        label,
        disabled: report.base === undefined && (ending === 'svg' || ending === 'png'),
        onSelect: () => void save(ending).catch(showError),
      }))}
    />
  );
}
