import type { StudyRecord, StudyRun } from '../../domain/Study.ts';
import { escapeXml } from '../../text/escapeXml.ts';
import type { StudyReport } from '../analyseStudy.ts';
import type { StudyComparison } from '../compareStudies.ts';
import type { CostTable } from '../cost/costTable.ts';
import { fitWords, STUDY_COLUMNS, studyRow } from '../describeStudy.ts';
import { BUSY_ABOVE } from '../measurePoints.ts';
import { colourVariables } from '../plots/plotColours.ts';
import { type StudyPlot, studyPlots } from '../plots/studyPlots.ts';
import { FILE_FONT, inlineSvg } from '../plots/svgText.ts';
import type { RequirementResult } from '../Requirement.ts';
import { percentWords, timeWords } from '../words.ts';
import { studyHeading } from './sheetOf.ts';
import { studyFacts } from './studyFacts.ts';

/** What a report tells besides the study itself. */
export interface ReportExtras {
  requirements?: readonly RequirementResult[] | undefined;
  comparison?: { with: string; comparison: StudyComparison } | undefined;
  cost?: CostTable | undefined;
}

/**
 * A study as one page that needs nothing but itself: no script, nothing loaded, all that comes from outside (names, reasons) escaped; for a browser in either theme,
 * and for paper.
 */
export function reportHtml(record: StudyRecord, report: StudyReport, extras: ReportExtras = {}): string {
  const title = studyHeading(report);
  const { requirements = [], comparison, cost } = extras;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body><main>',
    `<h1>${escapeXml(title)}</h1>`,
    `<p class="verdict">${report.remaining > 0 ? 'So far: ' : ''}${escapeXml(report.verdict)}</p>`,
    ...section('Requirements', requirements.length > 0, () => requirementList(requirements)),
    ...section(`Against “${comparison?.with ?? ''}”`, comparison !== undefined, () => [
      `<p>${escapeXml(comparison?.comparison.text ?? '')}</p>`,
      ...list((comparison?.comparison.at ?? []).map(({ text }) => text)),
    ]),
    '<div class="plots">',
    ...studyPlots(report).map(figure),
    '</div>',
    '<h2>Measures</h2>',
    table(
      STUDY_COLUMNS.map(({ label }) => label),
      report.points.map(studyRow),
    ),
    ...section('Models and what to bear in mind', report.fits.length + report.notes.length > 0, () =>
      list([...report.fits.map(fitWords), ...report.notes]),
    ),
    ...section('Cost', cost !== undefined, () => [
      table(cost?.columns ?? [], cost?.rows ?? []),
      ...list(cost?.notes ?? []),
    ]),
    '<h2>How it was measured</h2>',
    '<dl>',
    ...studyFacts(report.plan).map(
      ([name, value]) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`,
    ),
    '</dl>',
    `<details><summary>All ${record.runs.length} runs</summary>`,
    table(['Workers', 'Repetition', 'Time', 'Others used of the host', 'Remark'], record.runs.map(runRow)),
    '</details>',
    '</main></body>',
    '</html>',
    '',
  ].join('\n');
}

function section(title: string, isThere: boolean, lines: () => string[]): string[] {
  return isThere ? [`<h2>${escapeXml(title)}</h2>`, ...lines()] : [];
}

const MARKS = { pass: '✓ met', fail: '✗ not met', unknown: '? not known', pending: '… not yet' } as const;

function requirementList(results: readonly RequirementResult[]): string[] {
  return [
    '<ul class="requirements">',
    ...results.map(
      ({ status, text }) => `<li class="${status}"><strong>${MARKS[status]}</strong> ${escapeXml(text)}</li>`,
    ),
    '</ul>',
  ];
}

function list(sentences: readonly string[]): string[] {
  return ['<ul>', ...sentences.map((sentence) => `<li>${escapeXml(sentence)}</li>`), '</ul>'];
}

function figure({ title, description, picture, table: numbers }: StudyPlot): string {
  return [
    `<figure><figcaption>${escapeXml(title)}</figcaption>`,
    inlineSvg(picture, `${title}. ${description}`),
    `<details><summary>Numbers</summary>${table(numbers.columns, numbers.rows)}</details></figure>`,
  ].join('\n');
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((name) => `<th scope="col">${escapeXml(name)}</th>`).join('');
  const body = rows.map(
    ([first = '', ...cells]) =>
      `<tr><th scope="row">${escapeXml(first)}</th>${cells.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroller"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function runRow({ workers, repetition, timeMs, hostLoad, outcome, reason }: StudyRun): string[] {
  return [
    String(workers),
    repetition === 0 ? 'warm-up' : String(repetition),
    timeMs === undefined ? '–' : timeWords(timeMs),
    hostLoad === undefined ? '–' : percentWords(hostLoad),
    [
      ...(outcome === 'ok' ? [] : [`${outcome}: ${reason ?? ''}`]),
      ...(hostLoad !== undefined && hostLoad > BUSY_ABOVE ? ['the host was busy'] : []),
    ].join('; '),
  ];
}

const STYLE = `
:root{color-scheme:light dark;${colourVariables('light')};--plot-good:#18794e;--plot-bad:#b92b27;--plot-open:#8a5600}
@media (prefers-color-scheme:dark){:root{${colourVariables('dark')};--plot-good:#4cc38a;--plot-bad:#ff8a82;--plot-open:#e6b450}}
@media print{:root{color-scheme:light;${colourVariables('light')};--plot-good:#18794e;--plot-bad:#b92b27;--plot-open:#8a5600}}
body{margin:0;background:var(--plot-surface);color:var(--plot-text);font:14px/1.45 ${FILE_FONT}}
main{max-width:940px;margin:0 auto;padding:24px 20px 40px}
h1{margin:0 0 8px;font-size:22px}
h2{margin:24px 0 8px;font-size:15px}
.verdict{max-width:76ch;margin:0;font-size:16px}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));gap:20px 28px;margin-top:20px}
figure{margin:0;min-width:0;break-inside:avoid}
figcaption{font-weight:600}
svg{display:block;width:100%;height:auto}
details{margin-top:4px;font-size:13px}
summary{color:var(--plot-label);cursor:pointer}
.scroller{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 10px;border-bottom:1px solid var(--plot-grid);font-weight:inherit;text-align:right;vertical-align:top}
td:not(:last-child){white-space:nowrap}
thead th{color:var(--plot-label);font-weight:600}
ul{margin:0;padding-left:20px}
.requirements{padding:0;list-style:none}
.requirements strong{display:inline-block;min-width:92px}
.pass strong{color:var(--plot-good)}
.fail strong{color:var(--plot-bad)}
.unknown strong{color:var(--plot-open)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}
dt{color:var(--plot-label)}
dd{margin:0;overflow-wrap:anywhere}
`.trim();
