import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from '../BuildProblem.ts';
import { copiedPaths, hidesCopies } from '../copiedPaths.ts';
import { locateDockerfile } from '../locateDockerfile.ts';
import { type ChangedFiles, isWithin } from './changedSteps.ts';
import type { ContextPool } from './ContextPool.ts';
import type { ContextSource } from './ContextSource.ts';
import { withSource } from './withSource.ts';

export interface ChangesOptions {
  /** Epoch milliseconds. */
  sinceMs: number;
  /** Files and folders of the context that do not count, with `/`. */
  hidden: readonly string[];
  /** Folders of the container that see the whole context: where they hide all that is copied, only the Dockerfile counts. */
  covered: readonly string[];
  /** Files and folders of the context that do not count unless a step names them, or something in them: `COPY . .` does not. */
  byTheWay: readonly string[];
}

/**
 * What has changed since a moment of the files that a build copies, and of its Dockerfile where that is a file of the context;
 * undefined where a build would fail before it could send anything.
 *
 * @throws the signal's reason, at once
 */
export async function changedSince(
  pool: ContextPool,
  projectRoot: string,
  build: BuildModel,
  { sinceMs, hidden, covered, byTheWay }: ChangesOptions,
  signal?: AbortSignal,
): Promise<ChangedFiles | undefined> {
  const look = async (source: ContextSource): Promise<ChangedFiles> => {
    const files = await locateDockerfile(projectRoot, build);
    signal?.throwIfAborted();
    const isCovered = covered.some((folder) => hidesCopies(files.dockerfileText, build.target, folder));
    const copied = isCovered ? [] : copiedPaths(files.dockerfileText, build.target);
    const named = copied.filter((path) => path !== '');
    const isNamed = (path: string): boolean =>
      isWithin(path, named) || named.some((one) => isWithin(one, [path]));
    const own = files.isCarried ? [] : [files.dockerfileInContext];
    return source.changes({
      root: files.contextRoot,
      ignore: files.ignore.source,
      always: own,
      sinceMs,
      inside: [...copied, ...own],
      outside: [...hidden, ...byTheWay.filter((path) => !isNamed(path))],
    });
  };
  try {
    return await withSource(pool, look, signal);
  } catch (error) {
    if (error instanceof BuildProblem) return undefined;
    throw error;
  }
}
