import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { BuildProblem } from './BuildProblem.ts';
import { IgnoreRules, type IgnoreVerdict } from './ignoreRules.ts';

export interface ContextEntry {
  /** Inside the context, with `/`. */
  path: string;
  kind: 'file' | 'folder' | 'link';
  /** As it was when the folder was read; the packer looks again. */
  sizeBytes: number;
  mode: number;
  modifiedAt: Date;
  linkTarget?: string | undefined;
}

export interface SkippedEntry {
  path: string;
  reason: string;
}

export interface ContextTree {
  /** Sorted by path bytes within each folder, folders before what they hold. */
  entries: ContextEntry[];
  files: number;
  bytes: number;
  skipped: SkippedEntry[];
}

export interface ContextLimits {
  /** Files and links. */
  files: number;
  bytes: number;
}

export const DEFAULT_CONTEXT_LIMITS: ContextLimits = { files: 200_000, bytes: 2 * 1024 ** 3 };

/** Folders are read this many entries at a time: enough to hide the latency of a slow disk. */
const BATCH = 64;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Lists what a build context holds, following no link. `root` must be a real path; `always` are paths that are
 * kept whatever the rules say (the Dockerfile, .dockerignore).
 * @throws BuildProblem for a folder that cannot be read and when a limit is passed.
 */
export async function walkContext(options: {
  root: string;
  ignore?: IgnoreRules;
  always?: readonly string[];
  limits?: ContextLimits;
  signal?: AbortSignal;
}): Promise<ContextTree> {
  const { root, signal } = options;
  const ignore = options.ignore ?? IgnoreRules.none;
  const always = new Set(options.always ?? []);
  const limits = options.limits ?? DEFAULT_CONTEXT_LIMITS;
  const tree: ContextTree = { entries: [], files: 0, bytes: 0, skipped: [] };
  /** Ignored folders on the way to something kept: sent only once that something is met. */
  const waiting: ContextEntry[] = [];

  const keep = (entry: ContextEntry): void => {
    for (const folder of waiting.splice(0)) tree.entries.push(folder);
    tree.entries.push(entry);
    if (entry.kind === 'folder') return;
    tree.files += 1;
    tree.bytes += entry.sizeBytes;
    if (tree.files > limits.files || tree.bytes > limits.bytes) throw tooLarge(limits, tree);
  };
  const holdsAlways = (folder: string): boolean => [...always].some((path) => path.startsWith(`${folder}/`));

  const visit = async (folder: string, above: IgnoreVerdict | undefined): Promise<void> => {
    const names = await readNames(root, folder, tree.skipped);
    for (let start = 0; start < names.length; start += BATCH) {
      signal?.throwIfAborted();
      const batch = await Promise.all(
        names.slice(start, start + BATCH).map(async (name) => {
          const path = folder === '' ? name : `${folder}/${name}`;
          const verdict = ignore.judge(path, above);
          // What is ignored is not even looked at, unless it may be a folder that holds something kept.
          const ignored = verdict.ignored && !always.has(path);
          if (ignored && !ignore.mayTakeBackBelow(path) && !holdsAlways(path)) return undefined;
          return { path, verdict, ignored, stats: await look(root, path, tree.skipped) };
        }),
      );
      for (const found of batch) {
        if (found?.stats === undefined) continue;
        const { path, verdict, ignored, stats } = found;
        if (stats.isDirectory()) {
          const entry = toEntry(path, 'folder', stats);
          if (ignored) waiting.push(entry);
          else keep(entry);
          await visit(path, verdict);
          if (waiting.at(-1) === entry) waiting.pop();
        } else if (ignored) continue;
        else if (stats.isFile()) keep(toEntry(path, 'file', stats));
        else if (stats.isSymbolicLink()) {
          const entry = await toLink(root, path, stats, tree.skipped);
          if (entry !== undefined) keep(entry);
        } else tree.skipped.push({ path, reason: `a ${specialKind(stats)}; not sent` });
      }
    }
  };
  await visit('', undefined);
  return tree;
}

async function readNames(root: string, folder: string, skipped: SkippedEntry[]): Promise<string[]> {
  let raw: Buffer[];
  try {
    raw = await readdir(onDisk(root, folder), { encoding: 'buffer' });
  } catch (error) {
    if (folder !== '' && isGone(error)) {
      skipped.push({ path: folder, reason: 'the folder vanished while the context was being read' });
      return [];
    }
    throw unreadable(folder === '' ? '.' : folder, 'folder', error);
  }
  const names: string[] = [];
  for (const name of raw.sort((one, other) => Buffer.compare(one, other))) {
    try {
      names.push(decoder.decode(name));
    } catch {
      const shown = name.toString('utf8');
      skipped.push({
        path: folder === '' ? shown : `${folder}/${shown}`,
        reason: 'its name is not valid UTF-8; not sent',
      });
    }
  }
  return names;
}

async function look(root: string, path: string, skipped: SkippedEntry[]): Promise<Stats | undefined> {
  try {
    return await lstat(onDisk(root, path));
  } catch (error) {
    if (isGone(error)) skipped.push({ path, reason: 'vanished while the context was being read' });
    else if (codeOf(error) === 'ENAMETOOLONG')
      skipped.push({ path, reason: 'its path is longer than the system can open; not sent' });
    else throw unreadable(path, 'file', error);
    return undefined;
  }
}

async function toLink(
  root: string,
  path: string,
  stats: Stats,
  skipped: SkippedEntry[],
): Promise<ContextEntry | undefined> {
  let target: string;
  try {
    target = decoder.decode(await readlink(onDisk(root, path), { encoding: 'buffer' }));
  } catch (error) {
    const reason = isGone(error) ? 'vanished while the context was being read' : 'its target cannot be read';
    skipped.push({ path, reason });
    return undefined;
  }
  const landing = posix.join(posix.dirname(path), target);
  if (posix.isAbsolute(target) || landing === '..' || landing.startsWith('../'))
    skipped.push({
      path,
      reason: `a symbolic link to ${target}, outside the build context: sent as a link, what it points to is not`,
    });
  return { ...toEntry(path, 'link', stats), sizeBytes: 0, linkTarget: target };
}

function toEntry(path: string, kind: ContextEntry['kind'], stats: Stats): ContextEntry {
  return {
    path,
    kind,
    sizeBytes: kind === 'file' ? stats.size : 0,
    mode: stats.mode,
    modifiedAt: stats.mtime,
  };
}

function specialKind(stats: Stats): string {
  if (stats.isFIFO()) return 'FIFO (named pipe)';
  if (stats.isSocket()) return 'socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'special file';
}

function tooLarge(limits: ContextLimits, tree: ContextTree): BuildProblem {
  const what =
    tree.files > limits.files
      ? `more than ${limits.files.toLocaleString('en')} files`
      : `more than ${(limits.bytes / 1024 ** 2).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
  return new BuildProblem({
    message: `The build context holds ${what}; the last one met was \`${tree.entries.at(-1)?.path ?? '.'}\`.`,
    hint: 'List what the image does not need in .dockerignore, e.g. data, results, .git, node_modules, .venv.',
  });
}

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

export function onDisk(root: string, path: string): string {
  if (path === '') return root;
  return `${root.endsWith(sep) ? root.slice(0, -1) : root}${sep}${sep === '/' ? path : path.replaceAll('/', sep)}`;
}
