import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from './BuildProblem.ts';
import { IgnoreRules } from './ignoreRules.ts';
import { codeOf } from './context/unreadable.ts';

const LARGEST_FILE_BYTES = 1024 * 1024;
/** Name under which a Dockerfile that is no file of the context travels inside the tar, unless a file there has it. */
const CARRIED_NAME = '.flotilla.Dockerfile';

export interface BuildFiles {
  /** Real path of the context folder. */
  contextRoot: string;
  /** Path of the Dockerfile inside the project, with `/`: what messages name. The compose file’s, when that holds the text. */
  dockerfile: string;
  dockerfileText: string;
  /** Path of the Dockerfile inside the tar. */
  dockerfileInContext: string;
  /** It is no file of the context: in the tar it is one more, which no step may copy. */
  isCarried: boolean;
  ignore: IgnoreRules;
  /** Path of the ignore file inside the project; undefined when there is none. */
  ignoreFile: string | undefined;
  /** Sent whatever the ignore rules say: those of the replacements. */
  always: string[];
  /** Contents that are sent as read here, so that what was checked is what is built. */
  replacements: Map<string, Buffer>;
}

/**
 * Finds and reads what decides a build: context folder, Dockerfile, ignore file. Nothing outside the project is read.
 * @throws BuildProblem naming the file and what is wrong with it.
 */
export async function locateDockerfile(projectRoot: string, build: BuildModel): Promise<BuildFiles> {
  const { root, contextRoot, wanted, ignored } = await locateContext(projectRoot, build);
  const { shown, text, bytes, place } =
    wanted === undefined ? inlineText(build) : await readDockerfile(root, wanted, build);

  const replacements = new Map<string, Buffer>();
  const inside = place?.startsWith(contextRoot + sep) === true;
  const dockerfileInContext = inside
    ? toSlashes(relative(contextRoot, place))
    : await carriedName(contextRoot);
  replacements.set(dockerfileInContext, bytes);

  const isOwn = ignored.path === join(contextRoot, '.dockerignore');
  // As the docker CLI does: the carried file must not end up in the image through `COPY . .`.
  if (!inside)
    replacements.set(
      '.dockerignore',
      Buffer.from(`${isOwn ? ignored.text : ''}\n.dockerignore\n${dockerfileInContext}\n`),
    );
  else if (isOwn) replacements.set('.dockerignore', ignored.bytes);
  return {
    contextRoot,
    dockerfile: shown,
    dockerfileText: text,
    dockerfileInContext,
    isCarried: !inside,
    ignore: ignored.rules,
    ignoreFile: ignored.path === undefined ? undefined : inProject(root, ignored.path),
    always: [...replacements.keys()],
    replacements,
  };
}

/** What is built by, and where it was read. */
interface DockerfileText {
  /** As messages name the file it stands in. */
  shown: string;
  text: string;
  bytes: Buffer;
  /** Real path of a Dockerfile of its own. */
  place: string | undefined;
}

async function readDockerfile(root: string, wanted: string, build: BuildModel): Promise<DockerfileText> {
  const shown = inProject(root, wanted);
  const place = await findInside(root, wanted, shown, 'Dockerfile', build);
  const bytes = await readWhole(place, shown);
  const text = decode(bytes, shown);
  assertInstructions(text, `\`${shown}\``, shown);
  return { shown, text, bytes, place };
}

function inlineText({ dockerfileInline }: BuildModel): DockerfileText {
  const { text = '', file = '' } = dockerfileInline ?? {};
  assertInstructions(text, 'The text of `dockerfile_inline`', file);
  return { shown: file, text, bytes: Buffer.from(text, 'utf8'), place: undefined };
}

/** A name that no file of the context has: none is hidden or replaced by it. The same one for the same files, for the engine’s cache. */
async function carriedName(contextRoot: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? CARRIED_NAME : `${CARRIED_NAME}.${number}`;
    if ((await lstat(join(contextRoot, name)).catch(() => undefined)) === undefined) return name;
  }
}

/** The ignore file in force: path, rules and bytes as they were read. */
export interface IgnoreFile {
  rules: IgnoreRules;
  /** Absolute; undefined when there is none. */
  path: string | undefined;
  /** Where it really is, links followed. */
  place: string | undefined;
  text: string;
  bytes: Buffer;
}

/**
 * The context folder and its ignore file, whatever the Dockerfile is like.
 * @throws BuildProblem naming the file and what is wrong with it.
 */
export async function locateContext(
  projectRoot: string,
  build: BuildModel,
): Promise<{
  root: string;
  contextRoot: string;
  /** Where the Dockerfile should be; undefined: in the compose file. */
  wanted: string | undefined;
  ignored: IgnoreFile;
}> {
  const root = await realpath(projectRoot).catch(() => {
    throw new BuildProblem({
      message: `The project folder ${projectRoot} does not exist any more.`,
      hint: 'Open the project again from where it is now.',
    });
  });
  const contextRoot = await findContext(root, build.context);
  const wanted = build.dockerfileInline === undefined ? resolve(contextRoot, build.dockerfile) : undefined;
  return { root, contextRoot, wanted, ignored: await readIgnore(root, contextRoot, wanted) };
}

async function findContext(root: string, context: string): Promise<string> {
  const hint = 'The context is a folder inside the project; correct `build.context` in the compose file.';
  const wanted = resolve(root, context);
  let real: string;
  try {
    real = await realpath(wanted);
    if (!(await lstat(real)).isDirectory())
      throw new BuildProblem({ message: `The build context \`${context}\` is not a folder.`, hint });
  } catch (error) {
    if (error instanceof BuildProblem) throw error;
    throw new BuildProblem({ message: `The build context \`${context}\` does not exist.`, hint });
  }
  if (real !== root && !real.startsWith(root + sep))
    throw new BuildProblem({ message: `The build context \`${context}\` lies outside the project.`, hint });
  return real;
}

async function findInside(
  root: string,
  wanted: string,
  shown: string,
  what: string,
  build: BuildModel,
): Promise<string> {
  if (!wanted.startsWith(root + sep))
    throw new BuildProblem({
      message: `The ${what} \`${build.dockerfile}\` lies outside the project.`,
      hint: 'Move it into the project folder and correct `build.dockerfile`.',
    });
  let real: string;
  try {
    real = await realpath(wanted);
  } catch (error) {
    const dangling = codeOf(error) === 'ENOENT' && (await lstat(wanted).catch(() => undefined)) !== undefined;
    throw new BuildProblem({
      message: dangling
        ? `\`${shown}\` is a symbolic link to something that does not exist.`
        : codeOf(error) === 'ELOOP'
          ? `\`${shown}\` is a symbolic link that leads back to itself.`
          : `There is no ${what} at \`${shown}\`.`,
      file: shown,
      hint: 'Add one, or name the right file in `build.dockerfile`.',
    });
  }
  if (!real.startsWith(root + sep))
    throw new BuildProblem({
      message: `\`${shown}\` is a symbolic link that leads out of the project.`,
      file: shown,
      hint: 'Nothing outside the project is read: put the file itself into the project.',
    });
  return real;
}

async function readWhole(place: string, shown: string): Promise<Buffer> {
  const file = await open(
    place,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  ).catch((error: unknown) => {
    const denied = codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';
    throw new BuildProblem({
      message: `\`${shown}\` cannot be read: ${denied ? 'permission denied' : String(codeOf(error) ?? error)}.`,
      file: shown,
      hint: 'Make the file readable for you.',
    });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile())
      throw new BuildProblem({
        message: `\`${shown}\` is ${stats.isDirectory() ? 'a folder' : 'not a plain file'}, where a file is needed.`,
        file: shown,
        hint: 'Rename it, or name the right file in `build.dockerfile`.',
      });
    if (stats.size > LARGEST_FILE_BYTES)
      throw new BuildProblem({
        message: `\`${shown}\` is ${(stats.size / 1024 ** 2).toFixed(1)} MiB; at most 1 MiB is read.`,
        file: shown,
        hint: 'This is probably not the file that was meant.',
      });
    const content = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(content, 0, stats.size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function decode(bytes: Buffer, shown: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below, for both.
  }
  const wide = bytes.subarray(0, 2).toString('hex');
  throw new BuildProblem({
    message: `\`${shown}\` is not UTF-8 text${wide === 'fffe' || wide === 'feff' ? ' but UTF-16' : ''}.`,
    file: shown,
    hint: 'Save it as UTF-8.',
  });
}

/** @param what the text, as the beginning of a sentence */
function assertInstructions(text: string, what: string, file: string): void {
  if (text.trim() === '')
    throw new BuildProblem({
      message: `${what} is empty.`,
      file,
      line: 1,
      hint: 'A Dockerfile begins with `FROM`, the image to build on, e.g. `FROM python:3.11-slim`.',
    });
  if (text.split('\n').every((line) => line.trim() === '' || line.trim().startsWith('#')))
    throw new BuildProblem({
      message: `${what} holds only comments, no instruction.`,
      file,
      line: 1,
      hint: 'A Dockerfile begins with `FROM`, the image to build on, e.g. `FROM python:3.11-slim`.',
    });
}

/** `<Dockerfile>.dockerignore` comes before the context's own .dockerignore. */
async function readIgnore(
  root: string,
  contextRoot: string,
  dockerfile: string | undefined,
): Promise<IgnoreFile> {
  const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`];
  for (const path of [...own, join(contextRoot, '.dockerignore')]) {
    if ((await lstat(path).catch(() => undefined)) === undefined) continue;
    const shown = inProject(root, path);
    const place = await findInside(root, path, shown, basename(path), {
      context: '.',
      dockerfile: shown,
      args: {},
    });
    const bytes = await readWhole(place, shown);
    const text = bytes.toString('utf8');
    return { rules: IgnoreRules.parse(text, shown), path, place, text, bytes };
  }
  return { rules: IgnoreRules.none, path: undefined, place: undefined, text: '', bytes: Buffer.alloc(0) };
}

/** As messages name it: inside the project, with `/`. */
export function inProject(root: string, path: string): string {
  return toSlashes(relative(root, path)) || '.';
}

function toSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
