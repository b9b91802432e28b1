import { COMPOSE_NAMES, OVERRIDE_NAMES } from '../../composeNames.ts';
import type { FileText } from '../../ComposeApi.ts';
import type { Variables } from '../../interpolate.ts';
import { joinPath } from '../paths/joinPath.ts';

/**
 * Paths of a project's compose files: those named, those of COMPOSE_FILE (joined by COMPOSE_PATH_SEPARATOR, or `:`), or the first of the
 * default names that exists, with its override. Empty when there is none.
 */
export async function discoverFiles(
  named: readonly string[],
  folder: string,
  variables: Variables,
  read: (path: string) => Promise<FileText>,
): Promise<string[]> {
  if (named.length > 0) return named.map((file) => joinPath(folder, file));
  const fromVariable = variables.get('COMPOSE_FILE');
  if (fromVariable !== undefined && fromVariable !== '')
    return fromVariable
      .split(variables.get('COMPOSE_PATH_SEPARATOR') ?? ':')
      .map((file) => joinPath(folder, file));
  // One that cannot be read is there all the same, and is told when it is loaded.
  const exists = async (name: string) => {
    const found = await read(joinPath(folder, name));
    return found.ok || (found.reason !== 'missing' && found.reason !== 'not-a-file');
  };
  for (const name of COMPOSE_NAMES) {
    if (!(await exists(name))) continue;
    for (const override of OVERRIDE_NAMES)
      if (await exists(override)) return [joinPath(folder, name), joinPath(folder, override)];
    return [joinPath(folder, name)];
  }
  return [];
}
