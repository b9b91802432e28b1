import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from '../BuildProblem.ts';
import { copiedPaths } from '../copiedPaths.ts';
import { locateDockerfile } from '../locateDockerfile.ts';
import { type ChangedFiles, isWithin } from './changedSteps.ts';
import type { ContextPool } from './ContextPool.ts';

export interface ChangesOptions {
  sinceMs: number;
  hidden: readonly string[];
  byTheWay: readonly string[];
}

/**
 * What has changed since a moment (epoch milliseconds) of the files that a build copies, and of its Dockerfile where that is a file of the context;
 * undefined where a build would fail before it could send anything.
 *
 * @param hidden files and folders of the context that do not count, with `/`
 * @param byTheWay those that do not, unless a step names them, or something in them: `COPY . .` does not
 * @throws the signal's reason, at once
 */
export async function changedSince(
  pool: ContextPool,
  projectRoot: string,
  build: BuildModel,
  { sinceMs, hidden, byTheWay }: ChangesOptions,
  signal?: AbortSignal,
): Promise<ChangedFiles | undefined> {
  signal?.throwIfAborted();
  const source = pool.source();
  const stop = (): void => void source.dispose();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const files = await locateDockerfile(projectRoot, build);
    signal?.throwIfAborted();
    const copied = copiedPaths(files.dockerfileText, build.target);
    const named = copied.filter((path) => path !== '');
    const isNamed = (path: string): boolean =>
      isWithin(path, named) || named.some((one) => isWithin(one, [path]));
    const own = files.isCarried ? [] : [files.dockerfileInContext];
    return await source.changes({
      root: files.contextRoot,
      ignore: files.ignore.source,
      always: own,
      sinceMs,
      inside: [...copied, ...own],
      outside: [...hidden, ...byTheWay.filter((path) => !isNamed(path))],
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof BuildProblem) return undefined;
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
