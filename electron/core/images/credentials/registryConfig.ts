import type { Credentials } from './askHelper.ts';
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
