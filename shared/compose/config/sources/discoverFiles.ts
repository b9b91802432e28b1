import { COMPOSE_NAMES, OVERRIDE_NAMES } from '../../composeFiles.ts';
import type { FileText } from '../../ComposeApi.ts';
import type { Variables } from '../../interpolate.ts';
import { joinPath } from '../paths/joinPath.ts';

/**
 * Absolute paths of a project's compose files: those named, those of COMPOSE_FILE (joined by COMPOSE_PATH_SEPARATOR, or `:`), or the first of the
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
  const exists = async (name: string) => (await read(joinPath(folder, name))).ok;
  for (const name of COMPOSE_NAMES) {
    if (!(await exists(name))) continue;
    for (const override of OVERRIDE_NAMES[name] ?? [])
      if (await exists(override)) return [joinPath(folder, name), joinPath(folder, override)];
    return [joinPath(folder, name)];
  }
  return [];
}
