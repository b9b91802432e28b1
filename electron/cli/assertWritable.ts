import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { usage } from './parseArguments.ts';

/**
 * Looks at where a command is to leave its files before work of hours begins.
 * @param files paths by the option that names them, those not given left undefined
 * @throws FlotillaError as wrong usage for one that may not be written to, that is a folder, or whose folder is not there or may not be written to
 */
export async function assertWritable(files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [option, path] of Object.entries(files)) {
    if (path === undefined) continue;
    const file = resolve(path);
    const folder = dirname(file);
    const here = `--${option} ${path}`;
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory() === true) throw usage(`${here}: that is a folder, give a file`);
    // One that is there is overwritten, wherever it is: a device may be in a folder that nobody may write to.
    if (found !== undefined) {
      await access(file, constants.W_OK).catch(() => {
        throw usage(`${here}: you may not write to that file`);
      });
      continue;
    }
    if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true)
      throw usage(`${here}: there is no folder ${folder}`);
    await access(folder, constants.W_OK).catch(() => {
      throw usage(`${here}: you may not write to ${folder}`);
    });
  }
}
