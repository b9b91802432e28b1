import type { EngineClient, EngineStream } from '#core/engine/EngineApi.ts';
import type { BuildFailure } from '#shared/domain/AppView.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { BuildProblem } from './BuildProblem.ts';
import type { BuildRecord } from './BuildRecord.ts';
import { ClassicOutput } from './ClassicOutput.ts';
import { explainFailure } from './explainFailure.ts';
import { type BuildFiles, locateDockerfile } from './locateDockerfile.ts';
import { packContext } from './packContext.ts';
import { type PlannedStep, planSteps } from './planSteps.ts';
import { readJsonLines } from './readJsonLines.ts';
import { removeLeftovers } from './removeLeftovers.ts';
import { type ContextLimits, walkContext } from './walkContext.ts';

/**
 * One image build with the engine's classic builder, from the project's files to the tagged image.
 * Ends the record in every case and never rejects.
 */
export async function runClassicBuild(
  record: BuildRecord,
  client: EngineClient,
  limits: ContextLimits,
): Promise<void> {
  const { request, signal } = record;
  try {
    record.enter('packing');
    const files = await locateDockerfile(request.projectRoot, request.build);
    const tree = await walkContext({
      root: files.contextRoot,
      ignore: files.ignore,
      always: files.always,
      limits,
      signal,
    });
    for (const skipped of tree.skipped) record.skipped(skipped);
    record.packed({ files: tree.files, bytes: tree.bytes });

    const hasLabels = Object.keys(request.labels).length > 0;
    const plan = planSteps(files.dockerfileText, request.build.target, hasLabels);
    const output = new ClassicOutput(plan, {
      onLine: (line) => record.line(line),
      onSteps: (steps) => record.stepsAre(steps),
    });
    signal.throwIfAborted();
    const body = packContext({
      root: files.contextRoot,
      tree,
      replacements: files.replacements,
      onSent: (bytes) => record.sent(bytes),
      onSkipped: (skipped) => record.skipped(skipped),
    });
    // The engine's refusal of a broken-off body says nothing: what broke it does.
    const packing = new AbortController();
    body.on('error', (error) => packing.abort(error));
    try {
      await exchange(record, client, files, plan, output, body, packing.signal);
    } finally {
      body.destroy();
      record.madeImages = output.madeImages;
    }
  } catch (error) {
    if (signal.aborted) record.cancelled();
    else record.fail(toFailure(error));
  }
}

async function exchange(
  record: BuildRecord,
  client: EngineClient,
  files: BuildFiles,
  plan: PlannedStep[],
  output: ClassicOutput,
  body: ReturnType<typeof packContext>,
  packing: AbortSignal,
): Promise<void> {
  const { request, signal } = record;
  let stream: EngineStream | undefined;
  const stop = (): void => stream?.close();
  try {
    let transport: unknown;
    try {
      stream = await client.openStream({
        method: 'POST',
        path: '/build',
        query: {
          t: request.tag,
          dockerfile: files.dockerfileInContext,
          target: request.build.target,
          buildargs: JSON.stringify(request.build.args),
          labels: JSON.stringify(request.labels),
          nocache: request.noCache,
          rm: true,
          forcerm: true,
          version: '1',
        },
        headers: { 'Content-Type': 'application/x-tar' },
        body,
        signal: AbortSignal.any([signal, packing]),
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
    if (packing.reason instanceof BuildProblem) throw packing.reason;
    if (output.error !== undefined)
      throw new BuildProblem(await explainFailure(output.error.message, files, stepAt(output, plan)));
    if (transport !== undefined && stream === undefined) throw await refused(transport, files);
    if (transport !== undefined || !(output.succeeded || output.imageId !== undefined))
      throw new BuildProblem(wentAway(output, plan));

    const imageId = await findImage(client, request.tag, output);
    output.close('done');
    record.succeed(imageId);
  } catch (error) {
    output.close(signal.aborted ? 'cancelled' : 'failed');
    await removeLeftovers(client, output.containers);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stream?.close();
  }
}

/** An answer ≥ 400, or none at all. */
async function refused(error: unknown, files: BuildFiles): Promise<unknown> {
  if (!(error instanceof FlotillaError) || typeof error.detail?.['statusCode'] !== 'number') return error;
  const failure = await explainFailure(error.message, files, undefined);
  return new BuildProblem(
    failure.hint === undefined && error.hint !== undefined ? { ...failure, hint: error.hint } : failure,
  );
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

/** The tag is the proof: an answer that ended well without one is not a success. */
async function findImage(client: EngineClient, tag: string, output: ClassicOutput): Promise<string> {
  const image = await client
    .request<{ Id?: string }>({ path: `/images/${tag}/json` })
    .catch((error: unknown) => {
      throw error instanceof FlotillaError && error.code === 'engine-unavailable'
        ? error
        : new BuildProblem({
            message: `The engine says that the build succeeded, but there is no image \`${tag}\`.`,
            hint: 'Something may have removed it meanwhile: build once more.',
          });
    });
  return image.Id ?? output.imageId ?? '';
}

function toFailure(error: unknown): BuildFailure {
  if (error instanceof BuildProblem) return error.failure;
  if (error instanceof FlotillaError)
    return { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return {
    message: `The build stopped on an unexpected failure: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'This is a fault in Flotilla; its log has the details.',
  };
}
