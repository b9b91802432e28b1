import type { StudyRecord } from '#shared/domain/Study.ts';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import { compareStudies } from '#shared/study/compareStudies.ts';
import { describeStudy } from '#shared/study/describeStudy.ts';
import { workersWords } from '#shared/study/words.ts';
import { resolve } from 'node:path';
import { costOptions, describeCost } from './costOptions.ts';
import { usage } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';
import { writeStudyFiles } from './writeStudyFiles.ts';

/**
 * `flotilla studies DIR` lists an app's studies; `show ID`, `export ID` and `compare BEFORE AFTER` work on those that were made, by the first characters of their
 * ids. None needs an engine.
 */
export async function studiesCommand(context: CommandContext): Promise<number> {
  const [verb = '', ...ids] = context.command.words;
  switch (verb) {
    case 'show':
      return show(context, idOf(verb, ids));
    case 'export':
      return exportOne(context, idOf(verb, ids));
    case 'compare':
      return compare(context, ids);
    default:
      return list(context, verb, ids);
  }
}

function idOf(verb: string, [id, ...others]: readonly string[]): string {
  if (id === undefined || others.length > 0)
    throw usage(`“studies ${verb}” needs the id of one study, as “studies DIR” lists them`);
  return id;
}

async function list(
  { core, output }: CommandContext,
  folder: string,
  others: readonly string[],
): Promise<number> {
  if (others.length > 0)
    throw usage(`“studies” knows show, export and compare; “${folder} ${others.join(' ')}” is none of them`);
  const remembered = (await core.apps.recents()).map(({ id }) => id);
  const { id, services } = await core.apps.open(resolve(folder));
  const records = await core.studies.list(id);
  if (services.length === 0 && records.length === 0 && !remembered.includes(id))
    await core.apps.close(id, { forget: true });
  const studies = records.map((record) => ({ record, report: analyseStudy(record) }));
  const lines = studies.map(
    ({ record, report }) => `${headOf(record)}\n  ${report.remaining > 0 ? 'So far: ' : ''}${report.verdict}`,
  );
  output.result(
    {
      studies: studies.map(({ record: { plan }, report: { remaining, verdict } }) => ({
        plan,
        remaining,
        verdict,
      })),
    },
    lines.length === 0 ? 'No study of this app was made yet.' : lines.join('\n'),
  );
  return 0;
}

function headOf({ plan, runs }: StudyRecord): string {
  const name = plan.name === undefined ? '' : `“${plan.name}”, `;
  const date = new Date(plan.createdAt).toISOString().slice(0, 16).replace('T', ' ');
  return `${plan.id}  ${date}  ${name}${plan.mode}, ${workersWords(plan.workers.at(-1) ?? 0)} at most, ${runs.length} runs`;
}

async function show({ core, command, output }: CommandContext, id: string): Promise<number> {
  const record = await core.studies.find(id);
  const report = analyseStudy(record);
  const { cost, lines } = describeCost(report, costOptions(command.options));
  output.result({ record, report, cost }, [...describeStudy(report), ...lines].join('\n'));
  return 0;
}

async function exportOne({ core, command, output }: CommandContext, id: string): Promise<number> {
  const { report: page, svg, runs, measures } = command.options;
  if ([page, svg, runs, measures].every((path) => path === undefined))
    throw usage('“studies export” needs --report FILE, --svg FILE, --runs FILE or --measures FILE');
  const record = await core.studies.find(id);
  const analysed = analyseStudy(record);
  const { cost } = describeCost(analysed, costOptions(command.options));
  const files = await writeStudyFiles(command.options, record, analysed, { cost });
  output.result({ files }, files.join('\n'));
  return 0;
}

async function compare({ core, output }: CommandContext, ids: readonly string[]): Promise<number> {
  const [before, after, ...others] = ids;
  if (before === undefined || after === undefined || others.length > 0)
    throw usage('“studies compare” needs two ids, the one before a change first');
  const [first, second] = [await core.studies.find(before), await core.studies.find(after)];
  const comparison = compareStudies(analyseStudy(first).points, analyseStudy(second).points);
  output.result(
    { before: first.plan, after: second.plan, comparison },
    [comparison.text, ...comparison.at.map(({ text }) => `- ${text}`)].join('\n'),
  );
  return 0;
}
