import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';
import { jsonErrorOffset } from './jsonErrorOffset.ts';

/** Where docker's own configuration is looked for: `DOCKER_CONFIG`, else `.docker` in the home folder. */
export interface ConfigPlace {
  env: NodeJS.ProcessEnv;
  homeDirectory: string;
}

/** What docker's configuration says of registries. Secrets are in `auths`: it never leaves the privileged side. */
export interface DockerConfig {
  /** Full path of the file, also where there is none. */
  file: string;
  /** Helper by registry. */
  credHelpers: ReadonlyMap<string, string>;
  /** The helper for all others. */
  credsStore: string | undefined;
  auths: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Why the file, or a part of it, cannot be used. What is sound in it is there all the same. */
  problem: FlotillaError | undefined;
}

const LONGEST_FILE = 1024 * 1024;

/** Reads `config.json`; never rejects. A missing file is an empty one. */
export async function readDockerConfig({ env, homeDirectory }: ConfigPlace): Promise<DockerConfig> {
  const folder = env['DOCKER_CONFIG'];
  const file = join(
    folder === undefined || folder === '' ? join(homeDirectory, '.docker') : folder,
    'config.json',
  );
  const empty = (problem?: FlotillaError): DockerConfig => ({
    file,
    credHelpers: new Map(),
    credsStore: undefined,
    auths: new Map(),
    problem,
  });
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > LONGEST_FILE) return empty(unusable(file, `it is larger than 1 MiB (${size} bytes)`));
    text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return empty();
    if (code === 'EACCES') return empty(unusable(file, 'you may not read it'));
    return empty(unusable(file, code === 'EISDIR' ? 'it is a folder' : message));
  }
  if (text.trim() === '') return empty();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return empty(unusable(file, `it is no JSON${placeOf(text)}`));
  }
  if (!isRecord(parsed)) return empty(unusable(file, 'it is no JSON object'));
  return readParts(file, parsed);
}

function readParts(file: string, parsed: Record<string, unknown>): DockerConfig {
  const wrong: string[] = [];
  const record = (key: string): Record<string, unknown> => {
    const value = Object.hasOwn(parsed, key) ? parsed[key] : undefined;
    if (value === undefined || value === null) return {};
    if (isRecord(value)) return value;
    wrong.push(`“${key}” is ${kindOf(value)} instead of an object`);
    return {};
  };
  const credHelpers = new Map<string, string>();
  for (const [registry, helper] of Object.entries(record('credHelpers'))) {
    if (typeof helper === 'string') credHelpers.set(registry, helper);
    else wrong.push(`“credHelpers” names ${kindOf(helper)} for ${registry} instead of a helper`);
  }
  const auths = new Map<string, Record<string, unknown>>();
  for (const [registry, auth] of Object.entries(record('auths'))) {
    if (isRecord(auth)) auths.set(registry, auth);
    else wrong.push(`“auths” has ${kindOf(auth)} for ${registry} instead of an object`);
  }
  const store = Object.hasOwn(parsed, 'credsStore') ? parsed['credsStore'] : undefined;
  if (store !== undefined && store !== null && typeof store !== 'string')
    wrong.push(`“credsStore” is ${kindOf(store)} instead of a helper’s name`);
  return {
    file,
    credHelpers,
    credsStore: typeof store === 'string' && store !== '' ? store : undefined,
    auths,
    problem: wrong.length === 0 ? undefined : unusable(file, wrong.join('; ')),
  };
}

function unusable(file: string, reason: string): FlotillaError {
  return new FlotillaError('invalid-input', `Docker’s configuration ${file} cannot be used: ${reason}.`, {
    hint: 'Correct the file, or move it away and sign in again with docker login.',
    detail: { file },
  });
}

/** Line and column of a JSON error, without the text around it: that may be a secret. */
function placeOf(text: string): string {
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return '';
  const before = text.slice(0, offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return offset === text.length ? `: it ends too early, at ${place}` : `, at ${place}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
