import { toErrorShape } from '#shared/contract/errors.ts';
import type { RegistryLogin } from '#shared/domain/Image.ts';
import { getFromHelper, type HelperOptions, listOfHelper } from './askHelper.ts';
import { credentialsOfFile } from './credentialsFor.ts';
import { type ConfigPlace, type DockerConfig, readDockerConfig } from './readDockerConfig.ts';

/** A helper that hangs must not keep the list waiting. */
const LIMIT_MS = 10_000;

/** The registries docker's configuration knows sign-ins for, without their secrets; what is wrong stands with each. */
export async function listLogins(
  place: ConfigPlace,
): Promise<{ logins: RegistryLogin[]; file: string; problem: string | undefined }> {
  const config = await readDockerConfig(place);
  const options: HelperOptions = { env: place.env, limitMs: LIMIT_MS };
  const [ofHelpers, ofStore] = await Promise.all([
    Promise.all([...config.credHelpers].map(([server, helper]) => loginOfHelper(server, helper, options))),
    loginsOfStore(config, options),
  ]);
  const logins = new Map<string, RegistryLogin>();
  for (const login of [...ofHelpers, ...ofStore, ...loginsOfFile(config)])
    if (!logins.has(login.server)) logins.set(login.server, login);
  return {
    logins: [...logins.values()].sort((a, b) => a.server.localeCompare(b.server)),
    file: config.file,
    problem: config.problem?.message,
  };
}

async function loginOfHelper(server: string, helper: string, options: HelperOptions): Promise<RegistryLogin> {
  const login = { server, source: 'helper' as const, helper };
  try {
    const found = await getFromHelper(helper, server, options);
    return found === undefined
      ? { ...login, problem: 'The helper has no sign-in for it.' }
      : { ...login, username: found.username === '' ? undefined : found.username };
  } catch (error) {
    return { ...login, problem: toErrorShape(error).message };
  }
}

async function loginsOfStore(config: DockerConfig, options: HelperOptions): Promise<RegistryLogin[]> {
  const helper = config.credsStore;
  if (helper === undefined) return [];
  try {
    const users = await listOfHelper(helper, options);
    return [...users].map(([server, username]) => ({
      server,
      source: 'helper',
      helper,
      username: username === '<token>' ? undefined : username,
    }));
  } catch (error) {
    // Docker leaves an empty entry in the file for each sign-in the helper keeps: those are known at least.
    const problem = toErrorShape(error).message;
    const servers = [...config.auths]
      .filter(([, entry]) => Object.keys(entry).length === 0)
      .map(([key]) => key);
    return (servers.length === 0 ? ['all registries'] : servers).map((server) => ({
      server,
      source: 'helper',
      helper,
      problem,
    }));
  }
}

function loginsOfFile(config: DockerConfig): RegistryLogin[] {
  return [...config.auths].flatMap(([server]): RegistryLogin[] => {
    try {
      const found = credentialsOfFile(
        { ...config, auths: new Map([[server, config.auths.get(server) ?? {}]]) },
        server,
      );
      if (found === undefined) return [];
      return [{ server, source: 'file', username: found.username === '' ? undefined : found.username }];
    } catch (error) {
      return [{ server, source: 'file', problem: toErrorShape(error).message }];
    }
  });
}
