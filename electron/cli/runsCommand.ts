import { resolve } from 'node:path';
import type { RunExportProgress } from '#shared/domain/Run.ts';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import { describeStudy } from '#shared/study/describeStudy.ts';
import { describeDifferences, describeRun, describeRuns, RUN_COLUMNS } from './describeRuns.ts';
import { engineReady } from './opened.ts';
import { parseWhole, usage } from './parseArguments.ts';
import { projectFolder } from './projectFolder.ts';
import type { CommandContext } from './runCommand.ts';
import { tellingSteps } from './tellingSteps.ts';

const USUAL = 50;
const MOST = 1_000_000;

/** `flotilla runs`: lists the ledger, or does one thing to a run of it. A folder called like a verb is written `./show`. */
export async function runsCommand(context: CommandContext): Promise<number> {
  const [verb = '', ...rest] = context.command.words;
  const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  return act === undefined ? list(context) : act(context, rest);
}

async function list({ core, command, output }: CommandContext): Promise<number> {
  const { filter, limit: most, all } = command.options;
  if (command.words.length > 1) throw usage('“runs” lists the runs of one folder, or of all');
  const [folder] = command.words;
  const limit = all === true ? MOST : most === undefined ? USUAL : parseWhole(most, 'limit', 1, MOST);
  const path = folder === undefined ? undefined : await projectFolder(resolve(folder));
  const found = await core.runs.list({ filter, limit: path === undefined ? limit : undefined });
  const runs = found.runs.filter((run) => path === undefined || run.path === path).slice(0, limit);
  const matching = path === undefined ? found.matching : found.runs.filter((run) => run.path === path).length;
  output.result(
    { runs, matching },
    runs.length === 0
      ? 'No runs.'
      : [
          RUN_COLUMNS,
          ...describeRuns(runs),
          ...(matching > runs.length ? [`… and ${matching - runs.length} earlier (--all)`] : []),
        ].join('\n'),
  );
  return 0;
}

const VERBS: Record<string, (context: CommandContext, words: string[]) => Promise<number>> = {
  async show({ core, output }, words) {
    const record = await core.runs.show(oneOf(words, 'show'));
    if (record.summary.kind === 'study') {
      const study = await core.studies.find(record.summary.id);
      output.result({ run: record, study }, describeStudy(analyseStudy(study)).join('\n'));
    } else output.result({ run: record }, describeRun(record).join('\n'));
    return 0;
  },
  async compare({ core, output }, words) {
    const [left, right, ...more] = words;
    if (left === undefined || right === undefined || more.length > 0)
      throw usage('“runs compare” needs two runs');
    const comparison = await core.runs.compare(left, right);
    const { facts, settings, workers } = comparison;
    output.result(
      { comparison },
      [
        ...describeDifferences(facts),
        ...(settings.length === 0
          ? ['Their settings are the same.']
          : ['Settings:', ...describeDifferences(settings)]),
        ...(workers.length === 0 ? [] : ['Workers:', ...describeDifferences(workers)]),
      ].join('\n'),
    );
    return 0;
  },
  async export({ core, command, output, signal }, words) {
    const id = oneOf(words, 'export');
    const { output: target } = command.options;
    if (target === undefined)
      throw usage('“runs export” needs --output, a folder or a name that ends in .tar');
    const path = resolve(target);
    let last: RunExportProgress | undefined;
    for await (const items of core.runs.export(
      { id, path, format: path.endsWith('.tar') ? 'tar' : 'folder' },
      signal,
    )) {
      last = items.at(-1) ?? last;
      if (last !== undefined && last.totalBytes > 0)
        output.progress(`Exporting, ${Math.floor((100 * last.bytes) / last.totalBytes)} %`);
    }
    output.result({ path, bytes: last?.bytes ?? 0 }, path);
    return 0;
  },
  async delete({ core, output }, words) {
    if (words.length === 0) throw usage('“runs delete” needs a run');
    for (const id of words) await core.runs.remove(id);
    output.result(
      { deleted: words },
      `${words.length === 1 ? 'The run is' : `${words.length} runs are`} deleted.`,
    );
    return 0;
  },
  async annotate({ core, command, output }, words) {
    const { name, note, tag } = command.options;
    const run = await core.runs.annotate(oneOf(words, 'annotate'), {
      name,
      note,
      tags: tag?.filter((text) => text !== ''),
    });
    output.result({ run }, describeRuns([run]).join('\n'));
    return 0;
  },
  async rerun(context, words) {
    const { core, output, signal } = context;
    const { id, appId } = await core.runs.find(oneOf(words, 'rerun'));
    core.engine.start();
    await engineReady(core);
    await tellingSteps(context, appId, () => core.runs.rerun(id, { signal }));
    const run = await core.runs.newest(appId);
    output.result({ run }, `Run ${run?.id ?? ''} does run ${id} again`);
    return 0;
  },
};

function oneOf(words: readonly string[], verb: string): string {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0) throw usage(`“runs ${verb}” needs one run`);
  return id;
}
