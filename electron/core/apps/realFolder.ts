import { realpath, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';

/** The real path of a folder to open, or why it is none. */
export async function realFolder(path: string): Promise<string> {
  if (path.includes('\0')) throw new FlotillaError('invalid-input', 'The path contains a zero byte.');
  if (!isAbsolute(path))
    throw new FlotillaError('invalid-input', `${path} is no absolute path.`, {
      hint: 'Give the whole path of the folder, from the root.',
    });
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new FlotillaError('not-found', `${path} does not exist.`, {
        hint: 'Check the path; the folder may have been moved or unmounted.',
      });
    if (code === 'EACCES' || code === 'EPERM')
      throw new FlotillaError('permission-denied', `${path} may not be read by you.`, {
        hint: 'Ask its owner for the right to read it.',
      });
    throw new FlotillaError('invalid-input', `${path} cannot be opened (${code ?? String(error)}).`);
  }
  throw new FlotillaError('invalid-input', `${path} is a file, not a folder.`, {
    hint: 'Open the folder that holds it.',
  });
}
