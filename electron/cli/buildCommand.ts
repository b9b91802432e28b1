import { BUILDER_KINDS, type BuilderKind, type BuildStep, type BuildView } from '#shared/domain/Build.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { allowApp } from './allowApp.ts';
import { assertServices } from './assertServices.ts';
import { exitCodeOf, shapeOf } from './commandFailure.ts';
import { opened } from './opened.ts';
import { parseChoice } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';

/**
 * `flotilla build`: steps and output as they come, on standard error for people, or with `--progress json` one JSON
 * object a line on standard output, the last of which is the result.
 */
export async function buildCommand(context: CommandContext): Promise<number> {
  const { command, output, signal } = context;
  const asJson = parseChoice(command.options.progress, 'progress', ['plain', 'json']) === 'json';
  try {
    return await build(context, asJson);
  } catch (error) {
    if (!asJson) throw error;
    const shape = shapeOf(error, signal);
    output.raw(`${JSON.stringify({ event: 'result', ok: false, error: shape })}\n`);
    // `--json` would say the same a second time, as a last line that is no event.
    if (output.isJson) return exitCodeOf(shape);
    throw error;
  }
}

async function build(context: CommandContext, asJson: boolean): Promise<number> {
  const { core, command, output, signal } = context;
  const builder = parseChoice<BuilderKind>(command.options.builder, 'builder', BUILDER_KINDS);
  const app = await opened(context);
  await allowApp(context, app);
  // Named twice is built once.
  const services = [...new Set(command.words)];
  assertServices(app, services);
  const told = new Map<string, BuildView>();
  const event = (value: object): void => output.raw(`${JSON.stringify(value)}\n`);

  const heard = core.builds.onBuild((build, lines) => {
    if (build.appId !== app.id) return;
    const before = told.get(build.id);
    told.set(build.id, build);
    const { service } = build;
    if (build.builder !== undefined && before?.builder?.reason !== build.builder.reason) {
      if (asJson) event({ event: 'builder', service, ...build.builder });
      else output.detail(`${service} | builder ${build.builder.kind}: ${build.builder.reason}`);
    }
    for (const warning of (build.warnings ?? []).slice(before?.warnings?.length ?? 0)) {
      if (asJson) event({ event: 'warning', service, ...warning });
      else
        output.detail(
          `${service} | warning${warning.line === undefined ? '' : `, line ${warning.line}`}: ${warning.message}`,
        );
    }
    const known = new Map(before?.steps.map((step) => [step.number, step.state]));
    const news = build.steps.filter(
      (step) => step.state !== 'pending' && step.state !== known.get(step.number),
    );
    // A step's beginning comes before what it printed, its end after.
    for (const step of news)
      if (known.get(step.number) === undefined || known.get(step.number) === 'pending') begun(step, service);
    for (const { step, text } of lines) {
      if (asJson) event({ event: 'output', service, step, text });
      else output.detail(`${service} | ${step === 0 ? '' : `#${step} `}${text}`);
    }
    for (const step of news) if (step.state !== 'running') over(step, service);
    if (asJson && build.endedAt !== undefined)
      event({ event: 'end', service, state: build.state, imageId: build.imageId, error: build.error });
  });

  const begun = (step: BuildStep, service: string): void => {
    // One that is over already is told once, as such.
    if (asJson) {
      if (step.state === 'running') event({ event: 'step', service, ...step });
    } else
      output.detail(
        `${service} | #${step.number} ${step.stage === undefined ? '' : `[${step.stage}] `}${step.instruction}`,
      );
  };
  const over = (step: BuildStep, service: string): void => {
    if (asJson) return event({ event: 'step', service, ...step });
    const seconds = ((step.endedAt ?? 0) - (step.startedAt ?? 0)) / 1000;
    const took = step.startedAt === undefined || step.endedAt === undefined ? '' : ` ${seconds.toFixed(1)} s`;
    output.detail(`${service} | #${step.number} ${step.cached ? 'cached' : `${step.state}${took}`}`);
  };

  try {
    const { buildIds } = await core.apps.build(app.id, {
      services: services.length === 0 ? undefined : services,
      noCache: command.options['no-cache'],
      builder,
      signal,
    });
    const builds = buildIds.flatMap((id) => core.builds.get(id) ?? []);
    if (asJson) event({ event: 'result', ok: true, builds });
    else
      output.result(
        { builds },
        builds.map((build) => `${build.service}: ${build.tag} ${build.imageId ?? ''}`).join('\n'),
      );
  } catch (error) {
    if (!asJson && error instanceof FlotillaError && typeof error.detail?.['buildId'] === 'string')
      for (const line of excerptOf(core.builds.get(error.detail['buildId']))) output.detail(line);
    throw error;
  } finally {
    void heard.dispose();
  }
  return 0;
}

/** The lines of the Dockerfile around a failure, the failed one marked. */
function excerptOf(build: BuildView | undefined): string[] {
  const { excerpt = [], line: failed } = build?.error ?? {};
  const width = String(excerpt.at(-1)?.line ?? '').length;
  return excerpt.map(
    ({ line, text }) => `${line === failed ? '>' : ' '} ${String(line).padStart(width)} | ${text}`,
  );
}
