import { type Dirent, lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import type { IgnoreRules, IgnoreVerdict } from '../ignoreRules.ts';
import type { ContextEntry, SkippedEntry } from '../walkContext.ts';
import { onDisk } from './onDisk.ts';
import { PinnedFolder } from './PinnedFolder.ts';
import { codeOf, isGone, unreadable } from './unreadable.ts';

export interface WalkSink {
  /** Sorted by name within each folder, a folder before what it holds. May throw to end the walk. */
  keep(entry: ContextEntry): void;
  skip(skipped: SkippedEntry): void;
  /** Given: files that the rules leave out are counted, and so looked for in folders that need not be read. */
  ignored?: ((files: number) => void) | undefined;
}

/** Work between two yields: well under a millisecond on a disk that answers. */
const STEP_ENTRIES = 64;
/** Linux' PATH_MAX with its final zero: what is deeper can neither be opened by name here nor be unpacked there. */
const LONGEST_PATH_BYTES = 4096;

interface Found {
  name: string;
  path: string;
  verdict: IgnoreVerdict;
  ignored: boolean;
  stats: Stats;
  linkTarget?: string | undefined;
}

/**
 * Lists what a build context holds, following no link, with calls that wait for the disk: for a thread of its own, or in
 * small steps. `root` must be a real path; `always` are paths kept whatever the rules say.
 * @throws BuildProblem for a folder or file that cannot be looked at.
 */
export function* walkSteps(
  { root, ignore, always }: { root: string; ignore: IgnoreRules; always: readonly string[] },
  sink: WalkSink,
): Generator<void, void> {
  const wanted = new Set(always);
  const alwaysFolders = new Set(always.flatMap((path) => foldersAbove(path)));
  /** Ignored folders on the way to something kept: sent only once that something is met. */
  const waiting: ContextEntry[] = [];
  let work = 0;

  const keep = (entry: ContextEntry): void => {
    for (const folder of waiting.splice(0)) sink.keep(folder);
    sink.keep(entry);
  };

  function* visit(
    folder: string,
    above: IgnoreVerdict | undefined,
    isIgnored: boolean,
  ): Generator<void, void> {
    const found: Found[] = [];
    const unread: string[] = [];
    const pin = openFolder(root, folder, isIgnored, sink);
    if (pin === undefined) return;
    try {
      for (const { name, isFolder } of readNames(pin, folder, sink)) {
        if (++work % STEP_ENTRIES === 0) yield;
        const path = folder === '' ? name : `${folder}/${name}`;
        const verdict = ignore.judge(path, above);
        const ignored = verdict.ignored && !wanted.has(path);
        // What is ignored is not even looked at, unless it may be a folder that holds something kept.
        if (ignored && (!isFolder || !(ignore.mayTakeBackBelow(path) || alwaysFolders.has(path)))) {
          if (isFolder) unread.push(path);
          else sink.ignored?.(1);
          continue;
        }
        const stats = look(root, path, sink);
        if (stats === undefined) continue;
        const linkTarget = stats.isSymbolicLink() ? readTarget(pin, path, name, sink) : undefined;
        if (stats.isSymbolicLink() && linkTarget === undefined) continue;
        found.push({ name, path, verdict, ignored, stats, linkTarget });
      }
    } finally {
      pin.close();
    }
    if (sink.ignored !== undefined) for (const path of unread) yield* countFiles(root, path, sink.ignored);
    for (const { path, verdict, ignored, stats, linkTarget } of found) {
      if (stats.isDirectory()) {
        const entry = toEntry(path, 'folder', stats);
        if (ignored) waiting.push(entry);
        else keep(entry);
        yield* visit(path, verdict, ignored);
        if (waiting.at(-1) === entry) waiting.pop();
      } else if (ignored) sink.ignored?.(1);
      else if (stats.isFile()) keep(toEntry(path, 'file', stats));
      else if (linkTarget !== undefined) keep({ ...toEntry(path, 'link', stats), linkTarget });
      else sink.skip({ path, reason: `a ${specialKind(stats)}; not sent` });
    }
  }
  yield* visit('', undefined, false);
}

function* countFiles(root: string, folder: string, count: (files: number) => void): Generator<void, void> {
  let names: { name: string; isFolder: boolean }[] = [];
  try {
    const pin = PinnedFolder.open(root, folder);
    if (pin === undefined) return;
    try {
      names = readNames(pin, folder, undefined);
    } finally {
      pin.close();
    }
  } catch {
    // Nobody is going to read it: what cannot be counted is not worth a word.
  }
  const folders = names.filter(({ isFolder }) => isFolder);
  count(names.length - folders.length);
  yield;
  for (const { name } of folders) yield* countFiles(root, `${folder}/${name}`, count);
}

function openFolder(
  root: string,
  folder: string,
  isIgnored: boolean,
  sink: WalkSink,
): PinnedFolder | undefined {
  try {
    const pin = PinnedFolder.open(root, folder);
    if (pin !== undefined) return pin;
    sink.skip({ path: folder, reason: 'became something other than a folder of this context; not sent' });
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (folder !== '' && (isGone(error) || code === 'ELOOP'))
      sink.skip({ path: folder, reason: 'the folder vanished while the context was being read' });
    else if (folder !== '' && code === 'ENAMETOOLONG')
      sink.skip({ path: folder, reason: 'its path is longer than the system can open; not sent' });
    // As in Docker: a folder that is read only for what exceptions might find in it may stay closed.
    else if (!(isIgnored && (code === 'EACCES' || code === 'EPERM')))
      throw unreadable(folder === '' ? '.' : folder, 'folder', error);
    return undefined;
  }
}

function readNames(
  pin: PinnedFolder,
  folder: string,
  sink: WalkSink | undefined,
): { name: string; isFolder: boolean }[] {
  let entries: Dirent<Buffer>[];
  try {
    entries = readdirSync(pin.at, { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    throw unreadable(folder === '' ? '.' : folder, 'folder', error);
  }
  const names: { name: string; isFolder: boolean }[] = [];
  for (const entry of entries.sort((one, other) => Buffer.compare(one.name, other.name))) {
    const name = entry.name.toString('utf8');
    // Only a name that holds the replacement character can have been changed by the decoding.
    if (!name.includes('\uFFFD') || Buffer.from(name).equals(entry.name))
      names.push({ name, isFolder: entry.isDirectory() });
    else
      sink?.skip({
        path: folder === '' ? name : `${folder}/${name}`,
        reason: 'its name is not valid UTF-8; not sent',
      });
  }
  return names;
}

/**
 * By its path, not through the pin, which takes the system twice as long: should the folder have been replaced meanwhile,
 * the figures are wrong, and nothing more. What is read is opened through the pin, and then asked again.
 */
function look(root: string, path: string, sink: WalkSink): Stats | undefined {
  const tooLong = { path, reason: 'its path is longer than the system can open; not sent' };
  const place = onDisk(root, path);
  if (place.length * 3 >= LONGEST_PATH_BYTES && Buffer.byteLength(place) >= LONGEST_PATH_BYTES) {
    sink.skip(tooLong);
    return undefined;
  }
  try {
    return lstatSync(place);
  } catch (error) {
    if (isGone(error)) sink.skip({ path, reason: 'vanished while the context was being read' });
    else if (codeOf(error) === 'ENAMETOOLONG') sink.skip(tooLong);
    else throw unreadable(path, 'file', error);
    return undefined;
  }
}

function readTarget(pin: PinnedFolder, path: string, name: string, sink: WalkSink): string | undefined {
  let raw: Buffer;
  try {
    raw = readlinkSync(pin.at + name, { encoding: 'buffer' });
  } catch (error) {
    const reason = isGone(error) ? 'vanished while the context was being read' : 'its target cannot be read';
    sink.skip({ path, reason });
    return undefined;
  }
  const target = raw.toString('utf8');
  if (!Buffer.from(target).equals(raw)) {
    sink.skip({ path, reason: 'its target cannot be read' });
    return undefined;
  }
  const landing = posix.join(posix.dirname(path), target);
  if (posix.isAbsolute(target) || landing === '..' || landing.startsWith('../'))
    sink.skip({
      path,
      reason: `a symbolic link to ${target}, outside the build context: sent as a link, what it points to is not`,
    });
  return target;
}

function toEntry(path: string, kind: ContextEntry['kind'], stats: Stats): ContextEntry {
  return {
    path,
    kind,
    sizeBytes: kind === 'file' ? stats.size : 0,
    mode: stats.mode,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
  };
}

function specialKind(stats: Stats): string {
  if (stats.isFIFO()) return 'FIFO (named pipe)';
  if (stats.isSocket()) return 'socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'special file';
}

function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
}
