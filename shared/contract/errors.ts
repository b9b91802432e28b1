/** The closed set of error codes that cross from the privileged side to a shell. */
export const ERROR_CODES = [
  'invalid-input',
  'not-found',
  'conflict',
  'consent-required',
  'file-changed',
  'project-invalid',
  'too-large',
  'build-failed',
  'engine-unavailable',
  'engine-unsupported',
  'engine-error',
  'permission-denied',
  'unsupported',
  'timeout',
  'cancelled',
  'disconnected',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a caller sees of a failure: `message` says what happened and to what, `hint` what to do. */
export interface ErrorShape {
  code: ErrorCode;
  message: string;
  hint?: string | undefined;
  /** Machine-readable extras, e.g. `{ statusCode: 409 }` or `{ file, line }`. JSON values only. */
  detail?: Record<string, unknown> | undefined;
}

/** The one error class of the privileged side and of the contract's callers. */
export class FlotillaError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string | undefined;
  readonly detail?: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    extras: { hint?: string; detail?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'FlotillaError';
    this.code = code;
    this.hint = extras.hint;
    this.detail = extras.detail;
  }

  static fromShape(shape: ErrorShape): FlotillaError {
    return new FlotillaError(shape.code, shape.message, {
      ...(shape.hint === undefined ? {} : { hint: shape.hint }),
      ...(shape.detail === undefined ? {} : { detail: shape.detail }),
    });
  }
}

/** Turns anything thrown into an {@link ErrorShape}; unknown errors become `internal` with their message kept. */
export function toErrorShape(thrown: unknown): ErrorShape {
  if (thrown instanceof FlotillaError) {
    const shape: ErrorShape = { code: thrown.code, message: thrown.message };
    if (thrown.hint !== undefined) shape.hint = thrown.hint;
    if (thrown.detail !== undefined) shape.detail = thrown.detail;
    return shape;
  }
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled.' };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message: `Unexpected failure: ${message}`,
    hint: 'This is a fault in Flotilla; its log has the details.',
  };
}
