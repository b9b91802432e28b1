import { lstat, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotBeOpened } from '#core/projectFiles/projectPath.ts';
import { replaceFile } from '#core/projectFiles/replaceFile.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from '../BuildProblem.ts';
import { inProject, locateContext } from '../locateDockerfile.ts';
import { IgnoreRules } from '../ignoreRules.ts';
import { ignoreLine } from './ignoreLine.ts';

export interface IgnorePathOptions {
  undo?: boolean | undefined;
  removeFile?: boolean | undefined;
}

/**
 * Adds a path to the ignore file in force, which is made where there is none. Everything else in the file stays: line ends,
 * byte order mark, a missing end of the last line. A path that is ignored already changes nothing.
 *
 * @param path inside the context, with `/`; a folder's may end with one
 * @param options.undo takes such a line away again, the last one
 * @param options.removeFile with `undo`: the file goes too when that line is all that is in it
 * @returns whether the file was made
 * @throws FlotillaError `build-failed` (the context or its ignore file cannot be read), `file-changed`, or why it cannot be
 *   written
 */
export async function ignorePath(
  projectRoot: string,
  build: BuildModel,
  path: string,
  options: IgnorePathOptions = {},
): Promise<{ isNew: boolean }> {
  const names = path.replace(/\/$/, '').split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0')))
    throw new FlotillaError('invalid-input', `\`${path}\` is not a path inside the build context.`);
  const { root, contextRoot, ignored } = await locateContext(projectRoot, build).catch((error: unknown) => {
    if (!(error instanceof BuildProblem)) throw error;
    const { message, hint } = error.failure;
    throw new FlotillaError('build-failed', message, hint === undefined ? {} : { hint });
  });
  const shown = inProject(root, ignored.path ?? join(contextRoot, '.dockerignore'));
  const place = ignored.place ?? join(contextRoot, '.dockerignore');
  if (!Buffer.from(ignored.text, 'utf8').equals(ignored.bytes))
    throw new FlotillaError('invalid-input', `\`${shown}\` is not UTF-8 text; it was left as it is.`, {
      hint: 'Save it as UTF-8, then try again.',
    });
  const line = ignoreLine(path);
  const text =
    options.undo === true ? withoutLine(ignored.text, line) : withLine(ignored.text, line, shown, path);
  if (text === ignored.text) return { isNew: false };
  const assertUnchanged = async (): Promise<void> => {
    const now = await readFile(place).catch(() => Buffer.alloc(0));
    if (!now.equals(ignored.bytes))
      throw new FlotillaError('file-changed', `\`${shown}\` was changed by somebody else at this moment.`, {
        hint: 'Try again.',
      });
  };
  const mayGo = options.undo === true && options.removeFile === true && text === '';
  // A link was not made here: what it leads to is somebody's.
  if (mayGo && ignored.path === place && (await lstat(place)).isFile()) {
    await assertUnchanged();
    await unlink(place).catch((error: NodeJS.ErrnoException) => {
      throw cannotBeOpened(shown, error);
    });
    return { isNew: false };
  }
  await replaceFile(place, shown, Buffer.from(text, 'utf8'), assertUnchanged);
  return { isNew: ignored.path === undefined };
}

function withLine(text: string, line: string, file: string, path: string): string {
  if (IgnoreRules.parse(text, file).judgeDeep(path.replace(/\/$/, '')).ignored) return text;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  if (text === '' || text === '\uFEFF') return `${text}${line}${lineEnd}`;
  return text.endsWith('\n') ? `${text}${line}${lineEnd}` : `${text}${lineEnd}${line}`;
}

function withoutLine(text: string, line: string): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = text.slice(mark.length).split('\n');
  const at = lines.findLastIndex((one) => one.trim() === line);
  if (at === -1) return text;
  const [removed] = lines.splice(at, 1);
  // The last line had no end: neither has the one that is last now.
  if (at === lines.length && removed !== undefined && !removed.endsWith('\r') && lines.length > 0)
    lines[at - 1] = (lines[at - 1] ?? '').replace(/\r$/, '');
  return mark + lines.join('\n');
}
