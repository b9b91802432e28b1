import type { BuildJob } from './Builder.ts';
import { planVertexes } from './planVertexes.ts';
import { type SolveListener, SolveProgress } from './SolveProgress.ts';

/** The progress of a BuildKit solve, whoever tells it, into the build's record. */
export function recordProgress({
  record,
  files,
  shared,
}: Pick<BuildJob, 'record' | 'files' | 'shared'>): SolveProgress {
  const { noCache, build } = record.request;
  const listener = {
    onLine: (line) => record.line(line),
    onSteps: (steps) => record.stepsAre(steps),
    onWarning: (warning) => record.warn(warning),
    onContextArrived: () => record.contextArrived(),
  } satisfies SolveListener;
  // What the engine does once is equal in all of this.
  const scope = JSON.stringify([
    files.contextRoot,
    files.ignore.source.text,
    noCache || build.noCache === true,
    build.network,
    build.platforms,
    build.secrets,
  ]);
  return new SolveProgress(planVertexes(files.dockerfileText, build.target, build.args), listener, {
    shared,
    scope,
  });
}
