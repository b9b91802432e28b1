import type { BuildJob } from './Builder.ts';
import { planVertexes } from './planVertexes.ts';
import { SolveProgress } from './SolveProgress.ts';

/** The progress of a BuildKit solve, whoever tells it, into the build's record. */
export function recordProgress({ record, files }: Pick<BuildJob, 'record' | 'files'>): SolveProgress {
  const { target, args } = record.request.build;
  return new SolveProgress(planVertexes(files.dockerfileText, target, args), {
    onLine: (line) => record.line(line),
    onSteps: (steps) => record.stepsAre(steps),
    onWarning: (warning) => record.warn(warning),
    onContextArrived: () => record.contextArrived(),
  });
}
