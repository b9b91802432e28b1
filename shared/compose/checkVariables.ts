import type { ServiceReader } from './ServiceReader.ts';

/** MAX_ARG_STRLEN of Linux with pages of 4 KiB, in bytes; a text has at least as many as UTF-16 units. */
const LONGEST_VARIABLE = 128 * 1024;

/** Tells variables of a service that no container could have, or that would end its program. */
export function checkVariables(reader: ServiceReader, environment: ReturnType<ServiceReader['pairs']>): void {
  for (const { key, value, at } of environment) {
    if (key.length + (value?.length ?? 0) >= LONGEST_VARIABLE)
      reader.warn(
        'variable-too-long',
        at,
        `the variable ${key.slice(0, 60)} is longer than a kernel takes.`,
        'Linux takes 128 KiB for each. The program would end at once with code 1 and say nothing. Put the value into a file that is mounted.',
      );
    if (key === '')
      reader.error('bad-environment', at, 'a variable has no name before “=”.', 'Write NAME=value.');
    else if (/[\s\0]/.test(key))
      reader.error(
        'bad-environment',
        at,
        `“${key}” is no name of a variable: it contains a space.`,
        'Write NAME=value without spaces around “=”.',
      );
  }
}
