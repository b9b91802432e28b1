import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StudyRecord } from '#shared/domain/Study.ts';
import type { StudyReport } from '#shared/study/analyseStudy.ts';
import { type ReportExtras, reportHtml } from '#shared/study/export/reportHtml.ts';
import { measuresCsv, runsCsv } from '#shared/study/export/studyCsv.ts';
import { junitXml } from '#shared/study/junitXml.ts';
import { sheetOf } from '#shared/study/export/sheetOf.ts';
import type { Command } from './parseArguments.ts';

/**
 * Writes the files that a command line names for a study (`--report`, `--svg`, `--runs`, `--measures`, `--junit`) and answers their paths.
 * @throws FlotillaError `invalid-input` for a path that cannot be written
 */
export async function writeStudyFiles(
  { report: page, svg, runs, measures, junit }: Command['options'],
  record: StudyRecord,
  report: StudyReport,
  extras: ReportExtras,
): Promise<string[]> {
  const files: [path: string | undefined, content: () => string][] = [
    [page, () => reportHtml(record, report, extras)],
    [svg, () => sheetOf(report, 'auto').svg],
    [runs, () => runsCsv(record)],
    [measures, () => measuresCsv(report)],
    [junit, () => junitXml(record.plan.title, extras.requirements ?? [])],
  ];
  const written: string[] = [];
  for (const [path, content] of files) {
    if (path === undefined) continue;
    try {
      await writeFile(resolve(path), content());
    } catch (error) {
      throw new FlotillaError('invalid-input', `${path} cannot be written: ${(error as Error).message}.`, {
        hint: `The study is kept: flotilla studies export ${record.plan.id} writes it elsewhere.`,
      });
    }
    written.push(path);
  }
  return written;
}
