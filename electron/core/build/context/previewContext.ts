import type { ErrorShape } from '#shared/contract/errors.ts';
import type { ContextPreview } from '#shared/domain/Build.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from '../BuildProblem.ts';
import { inlinePlaces } from '../inlinePlaces.ts';
import { inProject, locateContext, locateDockerfile } from '../locateDockerfile.ts';
import { type ContextLimits, contextTooLarge } from '../walkContext.ts';
import type { WalkRequest } from './ContextJob.ts';
import type { ContextPool } from './ContextPool.ts';
import type { ContextSource } from './ContextSource.ts';
import { withSource } from './withSource.ts';

/** Where and what to measure, with what is wrong besides. */
interface Place {
  request: WalkRequest;
  ignoreFile: string | undefined;
  problem: BuildProblem | undefined;
}

/**
 * What a build would send, without sending it: sizes, the heaviest paths, what is left out. What a build would fail at
 * (no Dockerfile, a bad pattern, too large) comes as `problem` beside what could be found out all the same.
 * @throws the signal's reason, at once
 */
export async function previewContext(
  pool: ContextPool,
  projectRoot: string,
  build: BuildModel,
  limits: ContextLimits,
  signal?: AbortSignal,
): Promise<ContextPreview> {
  const look = async (source: ContextSource): Promise<ContextPreview> => {
    const place = await locate(projectRoot, build);
    signal?.throwIfAborted();
    const measured = await source.measure(place.request);
    const isOver = measured.files > limits.files || measured.bytes > limits.bytes;
    const problem = place.problem ?? (isOver ? contextTooLarge(limits, measured) : undefined);
    const { files, bytes, heaviest, skipped, ignoredFiles } = measured;
    return {
      files,
      bytes,
      heaviest,
      skipped,
      ignoredFiles,
      ...(place.ignoreFile === undefined ? {} : { ignoreFile: place.ignoreFile }),
      ...(problem === undefined
        ? {}
        : { problem: shapeOf(problem, build, isOver && place.problem === undefined) }),
    };
  };
  try {
    return await withSource(pool, look, signal);
  } catch (error) {
    if (!(error instanceof BuildProblem)) throw error;
    const nothing = { files: 0, bytes: 0, heaviest: [], skipped: [], ignoredFiles: 0 };
    return { ...nothing, problem: shapeOf(error, build, false) };
  }
}

/** @throws BuildProblem where not even the folder and its rules can be read. */
async function locate(projectRoot: string, build: BuildModel): Promise<Place> {
  try {
    const files = await locateDockerfile(projectRoot, build);
    return {
      request: { root: files.contextRoot, ignore: files.ignore.source, always: files.always },
      ignoreFile: files.ignoreFile,
      problem: undefined,
    };
  } catch (problem) {
    if (!(problem instanceof BuildProblem)) throw problem;
    const { root, contextRoot, ignored } = await locateContext(projectRoot, build);
    return {
      request: { root: contextRoot, ignore: ignored.rules.source, always: [] },
      ignoreFile: ignored.path === undefined ? undefined : inProject(root, ignored.path),
      problem,
    };
  }
}

function shapeOf({ failure }: BuildProblem, build: BuildModel, isTooLarge: boolean): ErrorShape {
  const inline = build.dockerfileInline;
  const { message, hint, file, line } =
    inline === undefined ? failure : inlinePlaces(inline).failure(failure);
  return {
    code: isTooLarge ? 'too-large' : 'build-failed',
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(file === undefined ? {} : { detail: { file, ...(line === undefined ? {} : { line }) } }),
  };
}
