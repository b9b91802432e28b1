import { realpath, stat } from 'node:fs/promises';
import { FlotillaError } from '#shared/contract/errors.ts';

/** The real path of a folder given on the command line. @throws FlotillaError `not-found`, or `invalid-input` for a file */
export async function projectFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined)
    throw new FlotillaError('not-found', `${folder} does not exist.`, { hint: 'Give the project’s folder.' });
  if (!found.isDirectory())
    throw new FlotillaError('invalid-input', `${folder} is a file, not a folder.`, {
      hint: 'Give the folder that holds it.',
    });
  return realpath(folder);
}
