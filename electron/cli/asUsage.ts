import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';

/**
 * Reads what was given to an option: what is wrong with it is wrong usage, which ends a command with exit code 2.
 * @param place put before the message, where that does not name the option itself
 */
export function asUsage<Value>(read: () => Value, place = ''): Value {
  try {
    return read();
  } catch (error) {
    const { message, hint } = toErrorShape(error);
    throw new FlotillaError('invalid-input', `${place}${message}`, {
      ...(hint === undefined ? {} : { hint }),
      detail: { usage: true },
      cause: error,
    });
  }
}
