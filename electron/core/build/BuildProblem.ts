import type { BuildFailure } from '#shared/domain/Build.ts';

/** A reason for which a build cannot go on, already in the words the person sees. */
export class BuildProblem extends Error {
  readonly failure: BuildFailure;

  constructor(failure: BuildFailure) {
    super(failure.message);
    this.name = 'BuildProblem';
    this.failure = failure;
  }
}
