import { withAllowLines } from './allowDangers.ts';
import { USAGE_HINT } from './parseArguments.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';

/**
 * What a command that failed says: whatever broke after an interruption is the interruption, and who used a command wrongly is told of its
 * own help where nothing more is to be said.
 */
export function shapeOf(error: unknown, signal: AbortSignal, command?: string): ErrorShape {
  if (signal.aborted) return { code: 'cancelled', message: 'Interrupted.' };
  const shape = withAllowLines(toErrorShape(error));
  return command !== undefined && isUsage(shape) && (shape.hint ?? USAGE_HINT) === USAGE_HINT
    ? { ...shape, hint: `flotilla ${command} --help shows what it takes.` }
    : shape;
}

const isUsage = ({ detail }: ErrorShape): boolean => detail?.['usage'] === true;

/** The exit codes that `--help` promises. */
export function exitCodeOf(error: ErrorShape): number {
  if (isUsage(error)) return 2;
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
