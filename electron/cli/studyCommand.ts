import { FlotillaError } from '#shared/contract/errors.ts';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import { baselineOf } from '#shared/study/baselineOf.ts';
import { checkRequirements } from '#shared/study/checkRequirements.ts';
import { compareStudies } from '#shared/study/compareStudies.ts';
import { describeStudy } from '#shared/study/describeStudy.ts';
import { BUSY_ABOVE, type StudyPoint } from '#shared/study/measurePoints.ts';
import { percentWords, timeWords, workersWords } from '#shared/study/words.ts';
import type { StudyNews, StudyOptions } from '#core/study/StudyApi.ts';
import { allowedIds } from './allowDangers.ts';
import { assertRequirements } from './assertRequirements.ts';
import { assertServices } from './assertServices.ts';
import { assertWritable } from './assertWritable.ts';
import { costOptions, describeCost } from './costOptions.ts';
import { describeRequirements } from './describeRequirements.ts';
import { opened } from './opened.ts';
import { type Command, parseChoice, parseWhole, usage } from './parseArguments.ts';
import { parseDuration } from './parseDuration.ts';
import type { CommandContext } from './runCommand.ts';
import { tellingSteps } from './tellingSteps.ts';
import { warnOfChangedCode } from './warnOfChangedCode.ts';
import { writeStudyFiles } from './writeStudyFiles.ts';

/** Repetitions of `--quick`: too few for an interval. */
const QUICK = 3;
const MOST_SEED = 2 ** 32 - 1;
const MOST_CPUS = 1_024;
const LONGEST_MS = 7 * 24 * 3_600_000;

/**
 * `flotilla study`: measures, and prints the table and the verdict. With `--assert` it answers 1 when the file's requirements are not met.
 * `--json` gives the record (plan and raw runs), the report that follows from it, and what became of the requirements.
 */
export async function studyCommand(context: CommandContext): Promise<number> {
  const { core, command, output, signal } = context;
  const { resume, junit, compare } = command.options;
  const options = resume === true ? undefined : optionsOf(command);
  if (options === undefined && command.options.workers !== undefined)
    throw usage('--resume goes on with the worker counts that the study was begun with: leave --workers out');
  const wanted = costOptions(command.options);
  const { report: page, svg, runs, measures } = command.options;
  await assertWritable({ junit, report: page, svg, runs, measures });
  const app = await opened(context);
  assertServices(app, command.options.service ?? []);
  if (command.options.allow !== undefined)
    await core.apps.grantDangers(app.id, allowedIds(command.options.allow, app.dangers));
  const { model } = core.apps.project(app.id);
  if (command.options.assert === true) assertRequirements(app.title, model);
  if (command.options.build === true && model?.services.some(({ build }) => build !== undefined) === true)
    await tellingSteps(context, app.id, () => core.apps.build(app.id, { signal }));
  else await warnOfChangedCode(context, app.id);
  const before = await core.studies.list(app.id);
  if (compare !== undefined) need(before, compare);
  const request = { signal, onNews: (news: StudyNews) => output.progress(newsWords(news)) };
  const record =
    options === undefined
      ? await core.studies.resume(app.id, request)
      : await core.studies.run(app.id, options, request);
  const report = analyseStudy(record);
  const requirements = checkRequirements(
    core.apps.project(app.id).model?.requirements ?? [],
    report.points,
    (name) => baselineOf(before, name),
  );
  const comparison = compare === undefined ? undefined : compareStudies(need(before, compare), report.points);
  const lines = [
    ...describeStudy(report),
    ...(comparison === undefined
      ? []
      : [
          '',
          `Against “${compare ?? ''}”: ${comparison.text}`,
          ...comparison.at.map(({ text }) => `- ${text}`),
        ]),
    ...(requirements.length === 0 ? [] : ['', ...describeRequirements(requirements)]),
  ];
  const { cost, lines: costLines } = describeCost(report, wanted);
  lines.push(...costLines);
  const written = await writeStudyFiles(command.options, record, report, {
    requirements,
    comparison: comparison === undefined ? undefined : { with: compare ?? '', comparison },
    cost,
  });
  if (written.length > 0) lines.push('', `Written: ${written.join(', ')}`);
  output.result({ record, report, requirements, comparison, cost }, lines.join('\n'));
  if (report.base === undefined) return 1;
  if (command.options.assert !== true) return 0;
  return requirements.every(({ status }) => status === 'pass') ? 0 : 1;
}

function optionsOf({ options }: Command): StudyOptions {
  const { workers, reps, quick, mode, seed, service, cooldown, timeout, from, to, name } = options;
  const { 'max-reps': most, 'cpus-per-worker': cpus } = options;
  if (workers === undefined) throw usage('“study” needs --workers, as in --workers 1,2,4,8');
  if (quick === true && reps !== undefined) throw usage(`--quick is --reps ${QUICK}: give one of the two`);
  if ((service?.length ?? 0) > 1) throw usage('“study” counts the replicas of one --service');
  return {
    workers: workers.split(',').map((text) => parseWhole(text.trim(), 'workers', 1, MAX_REPLICAS)),
    repetitions:
      reps === undefined ? (quick === true ? QUICK : undefined) : parseWhole(reps, 'reps', 1, 1_000),
    mostRepetitions: most === undefined ? undefined : parseWhole(most, 'max-reps', 1, 1_000),
    cpusPerWorker: cpus === undefined ? undefined : parseWhole(cpus, 'cpus-per-worker', 1, MOST_CPUS),
    mode: parseChoice(mode, 'mode', ['strong', 'weak']),
    seed: seed === undefined ? undefined : parseWhole(seed, 'seed', 0, MOST_SEED),
    service: service?.[0],
    cooldownMs: parseDuration(cooldown, 'cooldown', 0, LONGEST_MS),
    timeoutMs: parseDuration(timeout, 'timeout', 1_000, LONGEST_MS),
    from,
    to,
    name,
  };
}

function need(records: readonly StudyRecord[], name: string): readonly StudyPoint[] {
  const points = baselineOf(records, name);
  if (points !== undefined) return points;
  const names = [...new Set(records.flatMap(({ plan }) => plan.name ?? []))];
  throw new FlotillaError('not-found', `There is no whole study called “${name}”.`, {
    hint: names.length === 0 ? 'Name one with --name.' : `There are: ${names.join(', ')}.`,
  });
}

function newsWords(news: StudyNews): string {
  switch (news.kind) {
    case 'queued':
      return 'Another study runs: this one waits for it';
    case 'begins':
      return `Seed ${news.record.plan.seed}; ${news.total - news.done} runs`;
    case 'running':
      return `[${news.done + 1}/${news.total}] ${workersWords(news.run.workers)}${news.run.repetition === 0 ? ', warm-up' : ''}`;
    case 'ran': {
      const { run, done, total } = news;
      const time =
        run.outcome === 'ok' ? timeWords(run.timeMs ?? Number.NaN) : `does not count: ${run.reason ?? ''}`;
      const busy =
        run.hostLoad !== undefined && run.hostLoad > BUSY_ABOVE
          ? `; others used ${percentWords(run.hostLoad)} of the host before it`
          : '';
      return `[${done}/${total}] ${workersWords(run.workers)}: ${time}${busy}`;
    }
    case 'engine-lost':
      return `${news.message} The run is made again when the engine is back.`;
  }
}
