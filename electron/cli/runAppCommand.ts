import { FlotillaError } from '#shared/contract/errors.ts';
import type { RunRecord, RunSummary } from '#shared/domain/Run.ts';
import { checkRun } from '#shared/runs/checkRun.ts';
import { parseGoDuration } from '#shared/compose/config/encode/parseGoDuration.ts';
import { allowApp } from './allowApp.ts';
import { assertRunRequirements, whyNotMet } from './assertRequirements.ts';
import { describeRequirements } from './describeRequirements.ts';
import { describeRun } from './describeRuns.ts';
import { opened } from './opened.ts';
import { usage } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';
import { tellingSteps } from './tellingSteps.ts';
import { warnOfChangedCode } from './warnOfChangedCode.ts';

const LONGEST_MS = 30 * 24 * 3_600_000;

/**
 * `flotilla run`: starts the app as a run of its own. With `--wait` it answers when main has ended, takes the containers away (`--keep` leaves them), and
 * fails as the run has, with `--assert` also where a requirement that one run can meet is not met, or none is for its number of workers; with `--collect` it answers when the results are copied, too.
 */
export async function runAppCommand(context: CommandContext): Promise<number> {
  const { core, command, output, signal } = context;
  const { wait, collect, keep, name, tag, timeout, assert: isAsserting = false } = command.options;
  const isWaiting = wait === true || collect === true;
  if (keep === true && !isWaiting)
    throw usage('--keep says what is left after --wait: without it everything runs on');
  if (isAsserting && !isWaiting) throw usage('--assert holds a run that has ended to it: it needs --wait');
  const timeoutMs = timeout === undefined ? undefined : Number(parseGoDuration(timeout) ?? -1n) / 1e6;
  if (timeoutMs !== undefined && !(timeoutMs >= 1_000 && timeoutMs <= LONGEST_MS))
    throw usage(`--timeout ${timeout ?? ''}: give a time such as 10m or 1h30m`);
  const app = await opened(context);
  if (isAsserting) assertRunRequirements(app.title, core.apps.project(app.id).model);
  await allowApp(context, app);
  if (core.apps.containers(app.id).some(({ state }) => state === 'running'))
    throw new FlotillaError('conflict', `${app.title} runs already.`, {
      hint: 'flotilla stop ends it, flotilla up changes what runs.',
    });
  if (command.options.build !== true) await warnOfChangedCode(context, app.id);
  const before = await core.runs.newest(app.id);
  await tellingSteps(context, app.id, () =>
    core.apps.up(app.id, { build: command.options.build === true ? 'always' : 'missing', signal }),
  );
  const run = await core.runs.newest(app.id);
  if (run === undefined || run.id === before?.id)
    throw new FlotillaError('internal', 'The run was started, and not written down.', {
      hint: 'Look whether there is room where Flotilla keeps its files.',
    });
  if (name !== undefined || tag !== undefined) await core.runs.annotate(run.id, { name, tags: tag });
  if (!isWaiting) {
    output.result(
      { run: await core.runs.find(run.id) },
      `Run ${run.id} goes on; flotilla runs show ${run.id} tells how`,
    );
    return 0;
  }
  output.progress(`Run ${run.id}`);
  const limit = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const ended = await core.runs.ended(run.id, { signal: limit }).catch(async (error: unknown) => {
    if (signal.aborted || !limit.aborted) throw error;
    await core.apps.stop(app.id);
    return core.runs.ended(run.id, { signal });
  });
  // What outlives main has no end of its own, and what it wrote is copied at its end.
  await tellingSteps(context, app.id, () =>
    keep === true ? core.apps.stop(app.id) : core.apps.down(app.id, {}),
  );
  await core.engine.relist();
  const record = collect === true ? await core.runs.collected(run.id, signal) : await core.runs.show(run.id);
  const requirements = checkRun(core.apps.project(app.id).model?.requirements ?? [], record);
  output.result(
    { run: await core.runs.find(run.id), results: record.results, requirements },
    [...describeRun(record), ...describeRequirements(requirements)].join('\n'),
  );
  const lack = isAsserting ? whyNotMet(requirements) : undefined;
  if (lack !== undefined) {
    output.warn(lack);
    return 1;
  }
  return codeOf(ended, record, collect === true);
}

function codeOf({ outcome }: RunSummary, { results }: RunRecord, isCollecting: boolean): number {
  if (outcome !== 'ok') return 1;
  return isCollecting && results.some(({ state }) => state !== 'ok') ? 1 : 0;
}
