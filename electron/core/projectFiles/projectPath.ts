import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';

/**
 * The real place of a file of a project. Links are followed, so that a linked file stays a link, but not out of the folder.
 *
 * @param root real path of the project's folder
 * @param path inside it, with `/`
 * @throws FlotillaError `invalid-input` for what is no path inside, `permission-denied` where links lead out, `not-found` without its folder
 */
export async function projectPath(root: string, path: string): Promise<string> {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new FlotillaError('invalid-input', `${JSON.stringify(path)} is no path inside the project.`, {
      hint: 'Give it from the project’s folder on, with “/” between the names.',
    });
  const wanted = join(root, ...parts);
  const real = await realpath(wanted).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP')
      throw new FlotillaError('invalid-input', `${path} is a link that leads back to itself.`);
    if (error.code !== 'ENOENT') throw cannotBeOpened(path, error);
    // It may not exist yet; its folder must.
    const folder = await realpath(dirname(wanted)).catch((cause: NodeJS.ErrnoException) => {
      throw cannotBeOpened(path, cause);
    });
    return join(folder, parts.at(-1) ?? '');
  });
  if (!real.startsWith(root + sep))
    throw new FlotillaError(
      'permission-denied',
      `${path} leads outside the project folder; it is left alone.`,
    );
  return real;
}

/** What a failed access to a file of a project means to a user. */
export function cannotBeOpened(path: string, error: NodeJS.ErrnoException): FlotillaError {
  const { code } = error;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new FlotillaError('not-found', `The folder of ${path} does not exist.`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new FlotillaError('permission-denied', `${path} may not be opened or written by you.`, {
      hint: 'Ask its owner for the right.',
      cause: error,
    });
  if (code === 'ELOOP')
    return new FlotillaError('conflict', `${path} was replaced by a link while it was opened.`, {
      hint: 'Read it again.',
      cause: error,
    });
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new FlotillaError('too-large', `There is no room left to write ${path}; it is as it was.`, {
      hint: 'Free some space on its disk.',
      cause: error,
    });
  return new FlotillaError('invalid-input', `${path} cannot be opened (${code ?? String(error)}).`, {
    cause: error,
  });
}
