import type { StudyReport } from '../analyseStudy.ts';
import type { PlotTheme } from '../plots/plotColours.ts';
import { plotSheet } from '../plots/plotSheet.ts';
import { studyPlots } from '../plots/studyPlots.ts';

/** What a study is called where it stands alone. */
export function studyHeading({ plan }: StudyReport): string {
  return `${plan.title}: ${plan.mode} scaling of ${plan.service}`;
}

/** All plots of a study as one SVG file, see plotSheet. */
export function sheetOf(
  report: StudyReport,
  theme: PlotTheme | 'auto',
): { svg: string; width: number; height: number } {
  return plotSheet(studyPlots(report), { heading: studyHeading(report), text: report.verdict, theme });
}
