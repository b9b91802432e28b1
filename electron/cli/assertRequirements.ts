import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { isOfOneRun } from '#shared/runs/checkRun.ts';
import type { RequirementResult } from '#shared/study/Requirement.ts';

/** Said before anything is run for `--assert`. @throws FlotillaError `invalid-input` where the file has nothing to be held to */
export function assertRequirements(title: string, model: AppModel | undefined): void {
  if ((model?.requirements ?? []).length > 0) return;
  throw new FlotillaError('invalid-input', `${title} has no requirements to assert.`, {
    hint: 'Write x-flotilla: { requirements: [ { at: 8, efficiency: 0.7 } ] } at the top of the compose file.',
  });
}

/** As {@link assertRequirements}, for a single run. @throws FlotillaError `invalid-input` also where everything takes a study */
export function assertRunRequirements(title: string, model: AppModel | undefined): void {
  if ((model?.requirements ?? []).some(isOfOneRun)) return;
  throw new FlotillaError('invalid-input', `${title} has no requirements that one run can be held to.`, {
    hint: 'Those are time, memory and core_seconds: write x-flotilla: { requirements: [ { time: 2m } ] } at the top of the compose file. flotilla study --assert holds it to the others.',
  });
}

/** Why a run does not do as `--assert` wants, in words; undefined where it does. What was not measured is not met. */
export function whyNotMet(results: readonly RequirementResult[]): string | undefined {
  if (results.length === 0)
    return 'Nothing was asserted: no requirement of time, memory or core-seconds is for the number of workers that this run had.';
  const unmet = results.filter(({ status }) => status !== 'pass').length;
  return unmet === 0 ? undefined : `Requirements that are not met: ${unmet} of ${results.length}.`;
}
