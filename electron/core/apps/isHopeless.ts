import { FlotillaError } from '#shared/contract/errors.ts';
import { hasStatus } from './stopContainer.ts';

/** A lost engine, a setting that the engine refuses or that nobody consented to: the next replica would fare no better. */
export function isHopeless(error: unknown): boolean {
  return (
    error instanceof FlotillaError &&
    (error.code === 'engine-unavailable' ||
      error.code === 'consent-required' ||
      hasStatus(error, 400) ||
      hasStatus(error, 404) ||
      hasStatus(error, 409))
  );
}
