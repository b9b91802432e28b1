import type { EngineClient } from '#core/engine/EngineApi.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildFailure, BuilderKind } from '#shared/domain/Build.ts';
import type { Builder, BuildJob, PackedContext } from './Builder.ts';
import { BuildProblem } from './BuildProblem.ts';
import type { BuildRecord } from './BuildRecord.ts';
import { SessionRefused } from './buildkit/openSession.ts';
import type { ContextPool } from './context/ContextPool.ts';
import { describeImage } from './describeImage.ts';
import { findBuildKitOnly } from './findBuildKitOnly.ts';
import { findImage } from './findImage.ts';
import { type BuildFiles, locateDockerfile } from './locateDockerfile.ts';
import type { SharedSteps } from './SharedSteps.ts';
import type { ContextLimits } from './walkContext.ts';

/**
 * One image build from the project's files to the tagged image, with the builder the record has been given.
 * Ends the record in every case and never rejects.
 */
export async function runBuild(
  record: BuildRecord,
  client: EngineClient,
  options: {
    limits: ContextLimits;
    contexts: ContextPool;
    shared: SharedSteps;
    /** No other build is about to read this one's folder. */
    isAlone: () => boolean;
    builders: Record<BuilderKind, Builder>;
    /** What to build with when the engine refuses a session. @throws BuildProblem when nothing else will do */
    afterRefusal: (refused: SessionRefused) => Promise<BuilderKind>;
  },
): Promise<void> {
  const { request, signal } = record;
  try {
    record.enter('packing');
    const files = await locateDockerfile(request.projectRoot, request.build);
    const { close, ...context } = contextOf(
      record,
      files,
      options.limits,
      options.contexts,
      options.isAlone(),
    );
    const job: BuildJob = { record, client, files, shared: options.shared, ...context };
    let said: string;
    try {
      said = await buildWith(options.builders[record.builder?.kind ?? 'classic'], job);
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error;
      signal.throwIfAborted();
      said = await buildWith(options.builders[await options.afterRefusal(error)], job);
    } finally {
      close();
    }
    const [imageId, result] = await Promise.all([
      findImage(client, request.tag, said),
      describeImage(client, request.tag),
    ]);
    for (const tag of request.build.tags ?? []) await addTag(client, imageId, tag);
    record.succeed(imageId, result);
  } catch (error) {
    if (signal.aborted) record.cancelled();
    else record.fail(toFailure(error));
  }
}

async function buildWith(builder: Builder, job: BuildJob): Promise<string> {
  if (builder.kind === 'classic')
    for (const { line, what } of findBuildKitOnly(job.files.dockerfileText, job.client.info.product))
      job.record.warn({
        message: `${what} needs BuildKit; this build runs with the classic builder, which will refuse it.`,
        line,
      });
  return builder.build(job);
}

function contextOf(
  record: BuildRecord,
  files: BuildFiles,
  limits: ContextLimits,
  pool: ContextPool,
  isAlone: boolean,
): Pick<BuildJob, 'tree' | 'context'> & { close: () => void } {
  // Begun at once: the builder meanwhile opens what it needs.
  const open = pool.begin(files, { limits, signal: record.signal, isAlone });
  open.size.then(
    ({ files: count, bytes, skipped }) => {
      for (const entry of skipped) record.skipped(entry);
      record.packed({ files: count, bytes });
    },
    // The builder hears of it from what it reads.
    () => {},
  );
  const context = async (): Promise<PackedContext> => {
    record.signal.throwIfAborted();
    record.resend();
    const body = open.read({
      onSent: (bytes) => record.sent(bytes),
      onSkipped: (skipped) => record.skipped(skipped),
    });
    const packing = new AbortController();
    body.on('error', (error) => packing.abort(error));
    return { body, broken: packing.signal };
  };
  return { tree: () => open.tree(), context, close: () => open.dispose() };
}

async function addTag(client: EngineClient, imageId: string, reference: string): Promise<void> {
  const colon = reference.lastIndexOf(':');
  const hasTag = colon > reference.lastIndexOf('/');
  try {
    await client.request({
      method: 'POST',
      path: `/images/${imageId}/tag`,
      query: {
        repo: hasTag ? reference.slice(0, colon) : reference,
        tag: hasTag ? reference.slice(colon + 1) : 'latest',
      },
    });
  } catch (error) {
    throw new BuildProblem({
      message: `The image was built but could not be tagged \`${reference}\`: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Correct the reference in `build.tags`.',
    });
  }
}

/** A failure of any kind in the words the person sees. */
export function toFailure(error: unknown): BuildFailure {
  if (error instanceof BuildProblem) return error.failure;
  if (error instanceof FlotillaError)
    return { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return {
    message: `The build stopped on an unexpected failure: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'This is a fault in Flotilla; its log has the details.',
  };
}
