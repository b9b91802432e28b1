import { join } from 'node:path';

/** Where Flotilla keeps its own files: `FLOTILLA_DATA`, else the place the platform has for an application's data. */
export function dataFolder(
  env: NodeJS.ProcessEnv,
  homeDirectory: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const given = env['FLOTILLA_DATA'];
  if (given !== undefined && given !== '') return given;
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homeDirectory, 'AppData', 'Local'), 'Flotilla');
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'Flotilla');
  return join(env['XDG_DATA_HOME'] ?? join(homeDirectory, '.local', 'share'), 'flotilla');
}
