import type { EngineClient, EngineStream } from '#core/engine/EngineApi.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildFailure } from '#shared/domain/Build.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import type { Builder, BuildJob, PackedContext } from './Builder.ts';
import { buildQuery } from './buildQuery.ts';
import { authConfigOf, registryHeader } from '#core/images/credentials/registryConfig.ts';
import { registryKey } from '#core/images/credentials/registryKeys.ts';
import { baseRegistries } from './baseRegistries.ts';
import type { CredentialsFor } from './CredentialsFor.ts';
import { BuildProblem } from './BuildProblem.ts';
import type { BuildRecord } from './BuildRecord.ts';
import { ClassicOutput } from './ClassicOutput.ts';
import { endPodmanStep } from './endPodmanStep.ts';
import { explainFailure } from './explainFailure.ts';
import { type PlannedStep, planSteps } from './planSteps.ts';
import { readJsonLines } from './readJsonLines.ts';
import { refusedBuild } from './refusedBuild.ts';
import { removeLeftovers } from './removeLeftovers.ts';

/** The engine's classic builder, and what Podman makes of it. */
export const createClassicBuilder = (credentialsFor: CredentialsFor | undefined): Builder => ({
  kind: 'classic',
  async build(job) {
    const { request } = job.record;
    assertClassic(request.build);
    const context = await job.context();
    const hasLabels =
      Object.keys(request.labels).length > 0 || Object.keys(request.build.labels ?? {}).length > 0;
    const plan = planSteps(job.files.dockerfileText, request.build.target, hasLabels);
    const output = new ClassicOutput(plan, {
      onLine: (line) => job.record.line(line),
      onSteps: (steps) => job.record.stepsAre(steps),
    });
    try {
      return await exchange(job, plan, output, context, await loginsFor(job, credentialsFor));
    } finally {
      context.body.destroy();
      job.record.madeImages = output.madeImages;
    }
  },
});

/** The header with a person's logins at the registries this build may fetch from: the old builder cannot ask. */
async function loginsFor(
  { files, record }: BuildJob,
  credentialsFor: CredentialsFor | undefined,
): Promise<Record<string, string>> {
  if (credentialsFor === undefined) return {};
  const found = await Promise.all(
    baseRegistries(files.dockerfileText, record.request.build.args).map(async (host) => {
      const login = await credentialsFor(host);
      return login === undefined ? [] : [[registryKey(host), authConfigOf(host, login)] as const];
    }),
  );
  return { 'X-Registry-Config': registryHeader(Object.fromEntries(found.flat())) };
}

async function exchange(
  { record, client, files }: BuildJob,
  plan: PlannedStep[],
  output: ClassicOutput,
  context: PackedContext,
  logins: Record<string, string>,
): Promise<string> {
  const { request, signal } = record;
  let stream: EngineStream | undefined;
  const stop = (): void => stream?.close();
  try {
    let transport: unknown;
    try {
      stream = await client.openStream({
        method: 'POST',
        path: '/build',
        query: { ...buildQuery(request, files), rm: true, forcerm: true, version: '1' },
        headers: { 'Content-Type': 'application/x-tar', ...logins },
        body: context.body,
        signal: AbortSignal.any([signal, context.broken]),
        purpose: `build ${request.tag}`,
      });
      signal.addEventListener('abort', stop, { once: true });
      signal.throwIfAborted();
      record.enter('building');
      for await (const line of readJsonLines(stream.body)) {
        if (line.ok) output.accept(line.value);
        else output.acceptText(line.text);
      }
    } catch (error) {
      transport = error;
    }
    // A cancel that came after the image was tagged came too late.
    const finished = transport === undefined && output.succeeded && output.error === undefined;
    if (signal.aborted && !finished) throw new FlotillaError('cancelled', 'The build was cancelled.');
    if (context.broken.reason instanceof BuildProblem) throw context.broken.reason;
    if (output.error !== undefined)
      throw new BuildProblem(
        await explainFailure(output.error.message, files, stepAt(output, plan), { output: output.tail }),
      );
    if (transport !== undefined && stream === undefined) throw await refusedBuild(transport, files);
    if (transport !== undefined || !(output.succeeded || output.imageId !== undefined))
      throw new BuildProblem(wentAway(output, plan));

    output.close('done');
    return output.imageId ?? '';
  } catch (error) {
    if (signal.aborted && client.info.product === 'Podman') await endStep(record, client, output);
    output.close(signal.aborted ? 'cancelled' : 'failed');
    await removeLeftovers(client, output.containers);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stream?.close();
  }
}

/** Podman does not stop by itself what a cancelled build runs. */
async function endStep(record: BuildRecord, client: EngineClient, output: ClassicOutput): Promise<void> {
  const step = output.steps[output.step - 1];
  if (step?.state !== 'running' || (await endPodmanStep(client, step.instruction))) return;
  record.warn({
    message:
      'Podman may go on with this step until it ends: its API has no way to stop it, and its process was not found on this machine.',
    line: step.line,
  });
}

/** What only BuildKit does must not be left out in silence. */
function assertClassic(build: BuildModel): void {
  const wanted =
    (build.secrets?.length ?? 0) > 0
      ? 'Build secrets'
      : (build.ssh?.length ?? 0) > 0
        ? 'SSH keys in builds'
        : (build.cacheTo?.length ?? 0) > 0
          ? 'Cache export'
          : (build.platforms?.length ?? 0) > 1
            ? 'Images for several platforms'
            : build.additionalContexts !== undefined
              ? 'Further contexts'
              : [build.provenance, build.sbom].some((said) => said !== undefined && said !== 'false')
                ? 'Statements about the image (provenance, sbom)'
                : undefined;
  if (wanted === undefined) return;
  throw new BuildProblem({
    message: `${wanted} need BuildKit, which the classic builder is not.`,
    hint: 'Use Docker 20.10 or newer, or remove the setting from the build section of the compose file.',
  });
}

/** The step under way, in the engine's own words; its line only where the Dockerfile agrees. */
function stepAt(output: ClassicOutput, plan: PlannedStep[]): PlannedStep | undefined {
  const step = output.steps[output.step - 1];
  if (step === undefined) return undefined;
  const keyword = step.instruction.split(/\s/, 1)[0]?.toUpperCase() ?? '';
  const endLine = step.line === undefined ? undefined : plan[output.step - 1]?.endLine;
  return { keyword, text: step.instruction, line: step.line, endLine };
}

function wentAway(output: ClassicOutput, plan: PlannedStep[]): BuildFailure {
  const total = output.steps.length;
  const step = stepAt(output, plan);
  return {
    message:
      output.step === 0
        ? 'The engine went away before the first step of the build.'
        : `The engine went away while building step ${output.step} of ${total}${step === undefined ? '' : ` (${step.keyword})`}.`,
    ...(step?.line === undefined ? {} : { line: step.line }),
    hint: 'Wait until the engine answers again, then build once more: finished steps come from its cache.',
  };
}
