import { withAllowLines } from './allowDangers.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';

/** What a command that failed says: whatever broke after an interruption is the interruption. */
export function shapeOf(error: unknown, signal: AbortSignal): ErrorShape {
  return signal.aborted
    ? { code: 'cancelled', message: 'Interrupted.' }
    : withAllowLines(toErrorShape(error));
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
