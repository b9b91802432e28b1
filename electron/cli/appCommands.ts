import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { CommandContext } from './runCommand.ts';
import { parseScale, parseWhole } from './parseArguments.ts';

const ENGINE_MS = 10_000;

/** The commands that work on an app with an engine. Each answers the exit code. */
export const appCommands: Record<string, (context: CommandContext) => Promise<number>> = {
  async build(context) {
    const { core, command, output, signal } = context;
    const app = await opened(context);
    const heard = core.builds.onBuild((build, lines) => {
      for (const line of lines) output.progress(`${build.service} | ${line.text}`);
    });
    try {
      const { buildIds } = await core.apps.build(app.id, {
        services: command.words.length === 0 ? undefined : command.words,
        noCache: command.options['no-cache'],
        signal,
      });
      const builds = buildIds.flatMap((id) => core.builds.get(id) ?? []);
      output.result(
        { builds },
        builds.map((build) => `${build.service}: ${build.tag} ${build.imageId ?? ''}`).join('\n'),
      );
    } finally {
      void heard.dispose();
    }
    return 0;
  },

  async up(context) {
    const { core, command, output, signal } = context;
    const app = await opened(context);
    if (command.options['allow-dangers'] === true)
      await core.apps.grantDangers(
        app.id,
        app.dangers.map((danger) => danger.id),
      );
    const heard = core.apps.onApp((change) => {
      if (change.kind === 'app' && change.app.id === app.id)
        output.progress(change.app.operations[0]?.step ?? '');
    });
    try {
      const build =
        command.options.build === true
          ? 'always'
          : command.options['no-build'] === true
            ? 'never'
            : 'missing';
      const view = await core.apps.up(app.id, { build, signal });
      output.result({ app: view }, describe(view));
    } finally {
      void heard.dispose();
    }
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
    const results = await Promise.allSettled(
      targets.map(({ service, replicas }) => core.apps.scale(app.id, service, replicas, { signal })),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await core.engine.relist();
    const view = core.apps.get(app.id);
    const isUp = view.workers.length > 0;
    output.result(
      { app: view },
      isUp ? describe(view) : 'Nothing runs now; the number is kept for the next `flotilla up`.',
    );
    return 0;
  },

  async logs(context) {
    const { core, command, output, signal } = context;
    const app = await opened(context);
    for (const word of command.words) {
      if (!app.services.some((service) => service.name === word))
        throw new FlotillaError('not-found', `${app.title} has no service “${word}”.`, {
          hint: `It has: ${app.services.map((service) => service.name).join(', ')}.`,
        });
    }
    const follow = command.options.follow === true;
    const stream = core.logs.follow(
      {
        appId: app.id,
        services: command.words.length === 0 ? undefined : command.words,
        tail: parseWhole(command.options.tail ?? '1000', 'tail', 0, 100_000),
        follow,
      },
      signal,
    );
    for await (const items of stream) {
      for (const item of items) {
        if (item.kind !== 'lines') continue;
        for (const line of item.lines) output.line(line, `${line.worker} | ${line.text}`);
      }
      // A full pipe makes the reader wait, and the reader the engine.
      if (process.stdout.writableNeedDrain)
        await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
    return follow && signal.aborted ? 130 : 0;
  },

  async stop(context) {
    const app = await opened(context);
    await context.core.apps.stop(app.id);
    await context.core.engine.relist();
    const view = context.core.apps.get(app.id);
    context.output.result({ app: view }, describe(view));
    return 0;
  },

  async down(context) {
    const app = await opened(context);
    await context.core.apps.down(app.id, { volumes: context.command.options.volumes });
    await context.core.engine.relist();
    context.output.result({ app: context.core.apps.get(app.id) }, `${app.title} is removed`);
    return 0;
  },
};

/** The app of the folder, with its containers known. */
async function opened({ core, folder }: CommandContext): Promise<AppView> {
  const app = await core.apps.open(folder);
  core.engine.start();
  await engineReady(core);
  return core.apps.get(app.id);
}

/** Nobody waits at a prompt for an engine that is not there: the first search counts. */
async function engineReady({ engine }: CommandContext['core']): Promise<void> {
  const none = new Promise<never>((_resolve, reject) => {
    engine.onState((state) => {
      if (state.phase !== 'none') return;
      try {
        engine.client();
      } catch (error) {
        reject(error);
      }
    });
  });
  await Promise.race([engine.whenReady(ENGINE_MS), none]);
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
