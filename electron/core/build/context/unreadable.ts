import { BuildProblem } from '../BuildProblem.ts';

/** A file that cannot be read fails the build: without it the image would silently be another one. */
export function unreadable(path: string, kind: 'file' | 'folder', error: unknown): BuildProblem {
  const code = codeOf(error);
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? 'permission denied'
      : code === 'ENOENT'
        ? 'it does not exist'
        : code === 'ENOTDIR'
          ? 'it is not a folder'
          : error instanceof Error
            ? error.message
            : String(error);
  return new BuildProblem({
    message: `The ${kind} \`${path}\` of the build context cannot be read: ${why}.`,
    file: path,
    hint: `Make it readable, or add the line \`${path}\` to .dockerignore.`,
  });
}

export function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
