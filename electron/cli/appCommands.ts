import type { AppView } from '#shared/domain/AppView.ts';
import { autoscaleCommand } from './autoscaleCommand.ts';
import { buildCommand } from './buildCommand.ts';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { describePlan } from '#shared/reconcile/describePlan.ts';
import type { CommandContext } from './runCommand.ts';
import { doorCommand } from './doorCommand.ts';
import { logsCommand } from './logsCommand.ts';
import { allowApp } from './allowApp.ts';
import { assertServices } from './assertServices.ts';
import { metricsCommand } from './metricsCommand.ts';
import { placementCommand } from './placementCommand.ts';
import { studiesCommand } from './studiesCommand.ts';
import { runAppCommand } from './runAppCommand.ts';
import { runsCommand } from './runsCommand.ts';
import { studyCommand } from './studyCommand.ts';
import { sweepCommand } from './sweepCommand.ts';
import { sweepsCommand } from './sweepsCommand.ts';
import type { Output } from './Output.ts';
import { opened } from './opened.ts';
import { parseScale, parseWait } from './parseArguments.ts';
import { tellingSteps } from './tellingSteps.ts';
import { warnOfChangedCode } from './warnOfChangedCode.ts';

/** The commands that work on an app with an engine. Each answers the exit code. */
export const appCommands: Record<string, (context: CommandContext) => Promise<number>> = {
  autoscale: autoscaleCommand,
  build: buildCommand,

  async up(context) {
    const { core, command, output, signal } = context;
    const wait = parseWait(command.options);
    const app = await opened(context);
    await allowApp(context, app);
    return tellingSteps(context, app.id, async () => {
      const build =
        command.options.build === true
          ? 'always'
          : command.options['no-build'] === true
            ? 'never'
            : 'missing';
      let plan: ChangePlan | undefined;
      const view = await core.apps.up(app.id, {
        build,
        removeOrphans: command.options['remove-orphans'],
        retryFailed: command.options['retry-failed'],
        wait,
        signal,
        onPlan: (made) => {
          plan = made;
          for (const line of describePlan(made)) output.detail(line);
        },
      });
      output.result({ app: view, plan }, describe(view));
      if (build !== 'always') await warnOfChangedCode(context, app.id);
      if (view.services.some(({ door }) => door !== undefined))
        output.warn(
          'the control door is open while the window, `flotilla serve` or `flotilla door DIR` runs.',
        );
      return 0;
    });
  },

  async plan(context) {
    const app = await opened(context);
    const plan = await context.core.apps.plan(app.id, {
      removeOrphans: context.command.options['remove-orphans'],
      retryFailed: context.command.options['retry-failed'],
    });
    context.output.result({ plan }, describePlan(plan).join('\n'));
    return 0;
  },

  async ps(context) {
    const app = await opened(context);
    context.output.result({ app }, describe(app));
    return 0;
  },

  async scale(context) {
    const { core, command, output, signal } = context;
    const targets = command.words.map(parseScale);
    const app = await opened(context);
    assertServices(
      app,
      targets.map(({ service }) => service),
    );
    const results = await Promise.allSettled(
      targets.map(({ service, replicas }) => core.apps.scale(app.id, service, replicas, { signal })),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await core.engine.relist();
    const view = core.apps.get(app.id);
    warnOf(view, output);
    const isUp = view.workers.length > 0;
    output.result(
      { app: view },
      isUp ? describe(view) : 'Nothing runs now; the number is kept for the next `flotilla up`.',
    );
    return 0;
  },

  door: doorCommand,
  logs: logsCommand,
  metrics: metricsCommand,
  placement: placementCommand,
  run: runAppCommand,
  runs: runsCommand,
  study: studyCommand,
  studies: studiesCommand,
  sweep: sweepCommand,
  sweeps: sweepsCommand,

  async stop(context) {
    const app = await opened(context);
    await context.core.apps.stop(app.id, { signal: context.signal });
    await context.core.engine.relist();
    const view = context.core.apps.get(app.id);
    warnOf(view, context.output);
    context.output.result({ app: view }, describe(view));
    return 0;
  },

  async down(context) {
    const app = await opened(context);
    let removed = true;
    await context.core.apps.down(app.id, {
      onNothing: () => {
        removed = false;
      },
      volumes: context.command.options.volumes,
      signal: context.signal,
    });
    await context.core.engine.relist();
    const view = context.core.apps.get(app.id);
    warnOf(view, context.output);
    context.output.result(
      { app: view, removed },
      removed ? `${app.title} is removed` : `Nothing of ${app.title} was there to be removed`,
    );
    return 0;
  },
};

/** What failed without keeping the work from being done. */
function warnOf({ lastError }: AppView, output: Output): void {
  if (lastError !== undefined) output.warn(lastError.message);
}

function describe(app: AppView): string {
  const width = Math.max(6, ...app.workers.map((worker) => worker.key.length));
  const rows = app.workers.map((worker) =>
    [
      worker.key.padEnd(width),
      worker.phase.padEnd(10),
      worker.exitCode === undefined ? '' : `exit ${worker.exitCode}`,
      worker.ports.join(' '),
      worker.error?.message ?? '',
    ]
      .join('  ')
      .trimEnd(),
  );
  return [`${app.title}: ${app.status}`, ...rows].join('\n');
}
