import type { StudyRecord } from '#shared/domain/Study.ts';
import type { StudyReport } from '#shared/study/analyseStudy.ts';
import { type ReportExtras, reportHtml } from '#shared/study/export/reportHtml.ts';
import { sheetOf } from '#shared/study/export/sheetOf.ts';
import { measuresCsv, runsCsv } from '#shared/study/export/studyCsv.ts';
import { studyJson } from '#shared/study/export/studyJson.ts';
import { rasterise } from './rasterise.ts';

/** Pixels of the picture for each of the sheet's: sharp on paper and on screens with small ones. */
const PIXELS = 2;

/** Kinds of files that a study is exported as, each with its ending and what makes it. */
export const STUDY_FILES = [
  { label: 'Report (HTML)', ending: 'html' },
  { label: 'Plots (SVG)', ending: 'svg' },
  { label: 'Plots (PNG)', ending: 'png' },
  { label: 'Measures (CSV)', ending: 'measures.csv' },
  { label: 'All runs (CSV)', ending: 'runs.csv' },
  { label: 'Everything (JSON)', ending: 'json' },
] as const;

export type StudyEnding = (typeof STUDY_FILES)[number]['ending'];

/** A study as a file of that kind. */
export async function studyFile(
  ending: StudyEnding,
  record: StudyRecord,
  report: StudyReport,
  extras: ReportExtras,
): Promise<Blob> {
  switch (ending) {
    case 'html':
      return new Blob([reportHtml(record, report, extras)], { type: 'text/html' });
    case 'svg':
      return new Blob([sheetOf(report, 'auto').svg], { type: 'image/svg+xml' });
    case 'png':
      return rasterise(sheetOf(report, 'light'), PIXELS);
    case 'measures.csv':
      return new Blob([measuresCsv(report)], { type: 'text/csv' });
    case 'runs.csv':
      return new Blob([runsCsv(record)], { type: 'text/csv' });
    case 'json':
      return new Blob([studyJson(record, report)], { type: 'application/json' });
  }
}
