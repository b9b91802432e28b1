import { FlotillaError } from '#shared/contract/errors.ts';
import { BuildProblem } from './BuildProblem.ts';
import { explainFailure } from './explainFailure.ts';
import type { BuildFiles } from './locateDockerfile.ts';

/** An answer ≥ 400 to a build's request as a problem at its place; any other error as it is. */
export async function refusedBuild(error: unknown, files: BuildFiles): Promise<unknown> {
  if (!(error instanceof FlotillaError) || typeof error.detail?.['statusCode'] !== 'number') return error;
  const failure = await explainFailure(error.message, files, undefined);
  return new BuildProblem(
    failure.hint === undefined && error.hint !== undefined ? { ...failure, hint: error.hint } : failure,
  );
}
