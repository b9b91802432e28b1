import { FlotillaError } from '#shared/contract/errors.ts';
import { type Credentials, getFromHelper } from './askHelper.ts';
import { type ConfigPlace, type DockerConfig, readDockerConfig } from './readDockerConfig.ts';
import { entryFor, registryKey } from './registryKeys.ts';

/** What was found for a registry and where, so that a refusal can say whom to blame. */
export interface FoundCredentials {
  credentials: Credentials | undefined;
  /** Who was asked, as a person would say it: `docker-credential-pass`, `/home/ada/.docker/config.json`. */
  asked: string[];
  /** Why somebody who was asked could not answer. */
  problem: FlotillaError | undefined;
}

/**
 * Credentials for a registry from docker's own configuration: its credential helper, else the common one, else the file. With an empty
 * `username` the `secret` is an identity token. Undefined: there are none, or they cannot be had now.
 *
 * Nothing is kept: who needs them again asks again.
 */
export async function credentialsFor(
  host: string,
  place: ConfigPlace & { signal?: AbortSignal | undefined },
): Promise<Credentials | undefined> {
  return (await findCredentials(host, place)).credentials;
}

/** As {@link credentialsFor}, with who was asked and what was wrong. Rejects only when cancelled. */
export async function findCredentials(
  host: string,
  place: ConfigPlace & { signal?: AbortSignal | undefined },
): Promise<FoundCredentials> {
  const config = await readDockerConfig(place);
  const asked: string[] = [];
  let problem = config.problem;
  const helper = entryFor(config.credHelpers, host)?.[1] ?? config.credsStore;
  if (helper !== undefined) {
    asked.push(`docker-credential-${helper.slice(0, 80)}`);
    try {
      const credentials = await getFromHelper(helper, registryKey(host), place);
      if (credentials !== undefined) return { credentials, asked, problem };
    } catch (error) {
      if (!(error instanceof FlotillaError) || error.code === 'cancelled') throw error;
      problem = error;
    }
  }
  asked.push(config.file);
  try {
    return { credentials: credentialsOfFile(config, host), asked, problem };
  } catch (error) {
    return { credentials: undefined, asked, problem: error as FlotillaError };
  }
}

/** What the file itself holds for a registry. @throws FlotillaError `invalid-input` for an entry that cannot be read */
export function credentialsOfFile(config: DockerConfig, host: string): Credentials | undefined {
  const found = entryFor(config.auths, host);
  if (found === undefined) return undefined;
  const [key, entry] = found;
  const text = (name: string): string => {
    const value = Object.hasOwn(entry, name) ? entry[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  if (text('identitytoken') !== '') return { username: '', secret: text('identitytoken') };
  const auth = text('auth');
  if (auth === '') {
    const [username, secret] = [text('username'), text('password')];
    return username === '' || secret === '' ? undefined : { username, secret };
  }
  const decoded = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon < 1 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(auth.trim()))
    throw new FlotillaError(
      'invalid-input',
      `The sign-in for ${key} in ${config.file} cannot be read: “auth” is not the base64 form of NAME:PASSWORD.`,
      { hint: `Sign in again: docker login ${key}`, detail: { file: config.file } },
    );
  return { username: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}
