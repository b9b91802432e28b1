import { basename } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';
import { wordsOf } from '#shared/compose/edit/commandWords.ts';
import { MAX_CONCURRENT_JOBS, MAX_JOB_MS, MAX_JOB_RETRIES } from '#shared/domain/limits.ts';
import type { SweepJob, SweepPlan, SweepTable } from '#shared/domain/Sweep.ts';
import { parameterWords, remarksOf } from '#shared/sweep/describeSweep.ts';
import { expandGrid, readAxis } from '#shared/sweep/expandGrid.ts';
import { readParameters } from '#shared/sweep/readParameters.ts';
import { readFileColumn, readLogColumn } from '#shared/sweep/readColumns.ts';
import { countJobs, isUnfinished } from '#shared/sweep/sweepJobs.ts';
import { timeWords } from '#shared/study/words.ts';
import type { SweepNews, SweepOptions } from '#core/sweep/SweepApi.ts';
import { allowApp } from './allowApp.ts';
import { asUsage } from './asUsage.ts';
import { assertServices } from './assertServices.ts';
import { assertWritable } from './assertWritable.ts';
import { opened } from './opened.ts';
import { parseDuration } from './parseDuration.ts';
import { parseWhole, usage } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';
import { warnOfChangedCode } from './warnOfChangedCode.ts';
import { assertTableFile, printTable, readTable, writeTable } from './sweepFiles.ts';

/** `flotilla sweep`: runs a job for each row of parameters, and prints the table. Answers 0 when all jobs are done well. */
export async function sweepCommand(context: CommandContext): Promise<number> {
  const { core, command, output, signal } = context;
  const { resume, csv, output: file } = command.options;
  assertTableFile(file);
  await assertWritable({ output: file });
  const options = resume === true ? undefined : await optionsOf(context);
  if (options === undefined) assertResumeOnly(context);
  const app = await opened(context);
  assertServices(app, command.options.service ?? []);
  await allowApp(context, app);
  await warnOfChangedCode(context, app.id, 'flotilla build DIR');
  const request = { signal, onNews: tellNews(context) };
  const table =
    options === undefined
      ? await core.sweeps.resume(
          command.words[0] ?? (await newest(context, app.id)),
          { retryFailed: command.options['retry-failed'] },
          request,
        )
      : await core.sweeps.run(app.id, options, request);
  if (file !== undefined) output.progress(`Written: ${await writeTable(table, file)}`);
  printTable(output, table, csv === true);
  return codeOf(table);
}

const codeOf = ({ jobs }: SweepTable): number => (jobs.every(({ state }) => state === 'ok') ? 0 : 1);

async function optionsOf({ command: { words, options }, folder }: CommandContext): Promise<SweepOptions> {
  const { grid, service, jobs, retries, timeout, command, column, result, name } = options;
  const [csv, ...others] = words;
  if (others.length > 0) throw usage('“sweep” reads one table of parameters; --grid adds more');
  if (csv === undefined && grid === undefined)
    throw usage('“sweep” needs a table of parameters (a CSV file), or --grid, as in --grid seed=1..5');
  if (options['retry-failed'] === true) throw usage('--retry-failed goes with --resume');
  if ((service?.length ?? 0) > 1) throw usage('“sweep” makes jobs of one --service');
  const program = command === undefined ? undefined : wordsOf(command);
  if (command !== undefined && (program === undefined || program.length === 0))
    throw usage(`--command ${command}: quotes are not closed, or it needs a shell: sh -c "…"`);
  const table = csv === undefined ? undefined : readParameters(await readTable(csv, folder), basename(csv));
  const columns = asUsage(() => [
    ...(column ?? []).map((text) => readLogColumn(text, '--column')),
    ...(result ?? []).map((text) => readFileColumn(text, '--result')),
  ]);
  const whole = (text: string | undefined, option: string, least: number, most: number) =>
    text === undefined ? undefined : parseWhole(text, option, least, most);
  return {
    ...expandGrid(
      asUsage(() => (grid ?? []).map((text) => readAxis(text, '--grid'))),
      table,
    ),
    service: service?.[0],
    command: program,
    concurrency: whole(jobs, 'jobs', 1, MAX_CONCURRENT_JOBS),
    retries: whole(retries, 'retries', 0, MAX_JOB_RETRIES),
    timeoutMs: parseDuration(timeout, 'timeout', 1_000, MAX_JOB_MS),
    columns,
    name,
  };
}

function assertResumeOnly({ command: { words, options } }: CommandContext): void {
  if (words.length > 1) throw usage('“sweep --resume” goes on with one sweep');
  const fixed = (
    ['grid', 'service', 'jobs', 'retries', 'timeout', 'command', 'column', 'result', 'name'] as const
  ).find((option) => options[option] !== undefined);
  if (fixed !== undefined)
    throw usage(`--resume goes on with what the sweep was begun with: leave --${fixed} out`);
}

/** The app's newest sweep that is not whole, or, to try what failed, its newest. */
async function newest({ core, command }: CommandContext, appId: string): Promise<string> {
  const retryFailed = command.options['retry-failed'] === true;
  const found = (await core.sweeps.list(appId)).find(
    ({ counts }) => isUnfinished(counts) || (retryFailed && counts.failed > 0),
  );
  if (found !== undefined) return found.id;
  throw new FlotillaError('not-found', 'There is no sweep of this app to go on with.', {
    hint: retryFailed ? 'All jobs went well.' : 'All are whole: begin another, or --retry-failed.',
  });
}

function tellNews({ output }: CommandContext): (news: SweepNews) => void {
  let begun: Extract<SweepNews, { kind: 'begins' }> | undefined;
  return (news) => {
    switch (news.kind) {
      case 'queued':
        output.progress('Another sweep or a study runs: this one waits for it');
        break;
      case 'begins': {
        begun = news;
        const { plan, jobs } = news;
        const { waiting } = countJobs(jobs);
        output.progress(
          `Sweep ${plan.id}: ${waiting === jobs.length ? waiting : `${waiting} of ${jobs.length}`} ${jobs.length === 1 ? 'job' : 'jobs'} of ${plan.service}, ${plan.concurrency} at once`,
        );
        break;
      }
      case 'job':
        if (begun !== undefined && news.job.state !== 'running' && news.job.last !== undefined)
          output.detail(jobWords(begun.plan, begun.jobs, news.job));
        break;
      case 'engine-lost':
        output.progress(`${news.message} The sweep goes on when the engine is back.`);
    }
  };
}

function jobWords(plan: SweepPlan, jobs: readonly SweepJob[], job: SweepJob): string {
  const { ok, failed } = countJobs(jobs);
  const { last, index, state, left } = job;
  const values = plan.columns.flatMap(({ name }, at) => {
    const value = last?.values[at];
    return value === null || value === undefined ? [] : [`${name}=${value}`];
  });
  const time = last?.timeMs === undefined ? [] : [timeWords(last.timeMs)];
  const outcome =
    state === 'ok'
      ? []
      : [`failed: ${last?.reason ?? ''}${state === 'waiting' ? `; ${left} more to try` : ''}`];
  const missing = state === 'ok' ? remarksOf(job) : [];
  return `[${ok + failed}/${jobs.length}] job ${index + 1}, ${parameterWords(plan, index)}: ${[...outcome, ...time, ...values, ...missing].join(', ')}`;
}
