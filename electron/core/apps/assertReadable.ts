import { access, constants, stat } from 'node:fs/promises';
import { FlotillaError } from '#shared/contract/errors.ts';

/** @throws FlotillaError `invalid-input`, `not-found`, `permission-denied`: why a folder cannot be read */
export async function assertReadable(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isDirectory())
      throw new FlotillaError('invalid-input', `${path} is no folder.`, {
        hint: 'Open the folder that holds the compose file.',
      });
    await access(path, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof FlotillaError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FlotillaError('not-found', `The folder ${path} does not exist any more.`, {
        hint: 'It was moved, removed or unmounted. Bring it back and read it again, or take the app off the list.',
      });
    }
    throw new FlotillaError('permission-denied', `The folder ${path} may not be read by you.`, {
      hint: `Give yourself the right to read it: chmod u+rx ${path}`,
    });
  }
}
