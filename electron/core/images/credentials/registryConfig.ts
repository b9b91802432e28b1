import type { Credentials } from './askHelper.ts';
import { findCredentials } from './credentialsFor.ts';
import { listLogins } from './listLogins.ts';
import type { ConfigPlace } from './readDockerConfig.ts';
import { registryKey } from './registryKeys.ts';

/** The engine's form of credentials (its `AuthConfig`). */
export type AuthConfig = { serveraddress: string } & (
  | { username: string; password: string }
  | { identitytoken: string }
);

export function authConfigOf(host: string, { username, secret }: Credentials): AuthConfig {
  const serveraddress = registryKey(host);
  return username === ''
    ? { serveraddress, identitytoken: secret }
    : { serveraddress, username, password: secret };
}

/**
 * The value of `X-Registry-Auth` (a pull or push) or `X-Registry-Config` (a classic build): base64 of its URL alphabet WITH padding;
 * without it the engine silently reads nothing.
 */
export function registryHeader(
  value: AuthConfig | Record<string, AuthConfig> | Record<string, never>,
): string {
  return Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/**
 * Credentials for several registries, as a classic build sends them (`X-Registry-Config`): those of `hosts`, e.g. of a
 * Dockerfile's base images; without `hosts` all that docker's configuration knows. Registries without any are left out.
 */
export async function registryConfig(
  place: ConfigPlace & { signal?: AbortSignal | undefined },
  hosts?: readonly string[],
): Promise<Record<string, AuthConfig>> {
  const wanted = hosts ?? (await listLogins(place)).logins.map(({ server }) => server);
  const found = await Promise.all(
    [...new Set(wanted.map(registryKey))].map(async (host) => {
      const { credentials } = await findCredentials(host, place);
      return credentials === undefined ? [] : ([[host, authConfigOf(host, credentials)]] as const);
    }),
  );
  return Object.fromEntries(found.flat());
}
