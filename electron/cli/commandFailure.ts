import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';

/** What a command says of what it threw; after Ctrl-C that is what ended it, whatever was thrown then. */
export function shapeOf(thrown: unknown, interrupted: AbortSignal): ErrorShape {
  return interrupted.aborted ? { code: 'cancelled', message: 'Interrupted.' } : toErrorShape(thrown);
}

/** The exit codes that `--help` promises. */
export function exitCodeOf(error: ErrorShape): number {
  if (error.detail?.['usage'] === true) return 2;
  switch (error.code) {
    case 'project-invalid':
      return 3;
    case 'engine-unavailable':
    case 'engine-unsupported':
      return 4;
    case 'consent-required':
      return 5;
    case 'cancelled':
      return 130;
    default:
      return 1;
  }
}
