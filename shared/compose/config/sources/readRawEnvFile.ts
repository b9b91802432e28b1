import type { EnvLookup } from '../../readEnvFile.ts';

/**
 * Variables of an `env_file` with `format: raw` (Compose 2.30, as `docker run --env-file` reads it): what follows the first `=` is the value, quotes,
 * `$` and `#` included. A name alone takes the value it has; lines with blanks in the name are told by number.
 */
export function readRawEnvFile(
  text: string,
  lookup: EnvLookup,
): { variables: Map<string, string>; badLines: number[] } {
  const variables = new Map<string, string>();
  const badLines: number[] = [];
  for (const [at, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = whole.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const name = equals === -1 ? line : line.slice(0, equals);
    const value = equals === -1 ? lookup(name) : line.slice(equals + 1);
    if (name === '' || /\s/.test(name)) badLines.push(at + 1);
    else if (value !== undefined) variables.set(name, value);
  }
  return { variables, badLines };
}
