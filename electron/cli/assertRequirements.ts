import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';

/** Said before anything is run for `--assert`. @throws FlotillaError `invalid-input` where the file has nothing to be held to */
export function assertRequirements(title: string, model: AppModel | undefined): void {
  if ((model?.requirements ?? []).length > 0) return;
  throw new FlotillaError('invalid-input', `${title} has no requirements to assert.`, {
    hint: 'Write x-flotilla: { requirements: [ { at: 8, efficiency: 0.7 } ] } at the top of the compose file.',
  });
}
