import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import type { BuildRecord } from '../BuildRecord.ts';
import { BuildProblem } from '../BuildProblem.ts';
import type { BuildFiles } from '../locateDockerfile.ts';
import { PinnedFolder } from '../context/PinnedFolder.ts';
import { isGone, unreadable } from '../context/unreadable.ts';
import type { ContextEntry, ContextTree } from '../walkContext.ts';
import type { ServedEntry, ServedFolder } from './serveFolder.ts';

const CHUNK_BYTES = 256 * 1024;
/** Name under which the Dockerfile is served, wherever it lies. */
export const SERVED_DOCKERFILE = 'Dockerfile';

/** The context and the Dockerfile as two folders that the engine fetches from the session. */
export function sessionFolders(
  {
    record,
    files,
    tree,
    dockerfile,
    ready,
  }: {
    record: BuildRecord;
    files: BuildFiles;
    tree: ContextTree;
    /** The text to build by. */
    dockerfile: string;
    /** The engine is told nothing before; never rejects. */
    ready: Promise<void>;
  },
  onBroken: (problem: unknown) => void,
): (name: string, only: readonly string[]) => ServedFolder | undefined {
  const context = visibleEntries(files, tree);
  const text = Buffer.from(dockerfile, 'utf8');
  return (name, only) => {
    if (name === 'dockerfile')
      return {
        ready,
        entries: [
          {
            path: SERVED_DOCKERFILE,
            kind: 'file',
            mode: 0o644,
            sizeBytes: text.length,
            modifiedNs: timeOf(text),
          },
        ],
        async *read() {
          yield text;
        },
      };
    if (name !== 'context') return undefined;
    // The engine asks for .dockerignore first, to leave out what is left out here already.
    const isForRules = only.length === 1 && only[0] === '.dockerignore';
    const entries = isForRules ? [] : neededEntries(context, only);
    return {
      ready,
      entries: entries.map((entry) => ({ ...entry, modifiedNs: timeToTell(entry) })),
      async *read(entry) {
        try {
          yield* readInside(files.contextRoot, entry, record);
        } catch (error) {
          onBroken(error);
          throw error;
        }
      },
    };
  };
}

/** A time that stands for a text's content: another text of the same length must not be taken for this one. */
function timeOf(text: Buffer): bigint {
  return BigInt(createHash('sha256').update(text).digest().readUInt32BE(0) >>> 1) * 1_000_000_000n;
}

/**
 * When an entry was modified, to a tenth of a millisecond. The digits below tell its other time, which no program can set
 * back: a file of the same size and date with other content is sent again.
 */
function timeToTell({ modifiedMs, changedMs }: ContextEntry): bigint {
  const tenths = BigInt(Math.max(0, Math.floor(modifiedMs * 10)));
  return tenths * 100_000n + BigInt(Math.abs(Math.floor(changedMs * 1_000)) % 99_991);
}

/**
 * Of the entries those that the paths of COPY lines lead to. Patterns and links could lead anywhere: then all are needed.
 */
function neededEntries(entries: readonly ContextEntry[], paths: readonly string[]): readonly ContextEntry[] {
  const wanted = paths.map((path) => posix.normalize(path).replace(/^\/+|\/+$/g, ''));
  const isWide = wanted.some((path) => path === '' || path === '.' || /[*?[\\]|^\.\.(?:\/|$)/.test(path));
  if (wanted.length === 0 || isWide || entries.some((entry) => entry.kind === 'link')) return entries;
  return entries.filter(({ path }) =>
    wanted.some((want) => path === want || path.startsWith(`${want}/`) || want.startsWith(`${path}/`)),
  );
}

/**
 * Without a Dockerfile or ignore file that .dockerignore leaves out (other builders need them in the context), and
 * without ignored folders that were kept only for it.
 */
function visibleEntries(files: BuildFiles, tree: ContextTree): readonly ContextEntry[] {
  const hidden = new Set(files.always.filter((path) => files.ignore.judgeDeep(path).ignored));
  if (hidden.size === 0) return tree.entries;
  const kept = tree.entries.filter(({ path }) => !hidden.has(path));
  const onTheWay = new Set<string>();
  for (const { path, kind } of kept)
    if (kind !== 'folder')
      for (let up = posix.dirname(path); up !== '.' && !onTheWay.has(up); up = posix.dirname(up))
        onTheWay.add(up);
  return kept.filter(
    ({ path, kind }) => kind !== 'folder' || onTheWay.has(path) || !files.ignore.judgeDeep(path).ignored,
  );
}

/** A file of the context as it is now. Nothing is read outside the root, whatever took a folder's place meanwhile. */
async function* readInside(
  root: string,
  { path, sizeBytes }: ServedEntry,
  record: BuildRecord,
): AsyncGenerator<Buffer> {
  const file = await openInside(root, path);
  if (file === undefined) return record.skipped({ path, reason: 'vanished before it was sent' });
  try {
    // A byte more than it should hold: one reading then tells the end of most files.
    const chunkBytes = Math.min(sizeBytes + 1, CHUNK_BYTES);
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, null).catch((error: unknown) => {
        throw unreadable(path, 'file', error);
      });
      if (bytesRead > 0) {
        record.sent(bytesRead);
        yield chunk.subarray(0, bytesRead);
      }
      if (bytesRead < chunkBytes) return;
    }
  } finally {
    await file.close();
  }
}

/** Undefined when the file is gone. @throws BuildProblem when it cannot be read or is no file of the root any more. */
async function openInside(root: string, path: string): Promise<FileHandle | undefined> {
  const other = new BuildProblem({
    message: `\`${path}\` became something other than a file of the build context before it was sent.`,
    file: path,
    hint: 'Build again when nothing changes the folder.',
  });
  let folder: PinnedFolder | undefined;
  let file: FileHandle | undefined;
  try {
    folder = PinnedFolder.open(root, posix.dirname(path) === '.' ? '' : posix.dirname(path));
    if (folder === undefined) throw other;
    const name = posix.basename(path);
    // Non-blocking, or a FIFO put in the file's place would hang the build for ever.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    file = await open(folder.at + name, flags);
    if ((await file.stat()).isFile() && folder.holds(name)) return file;
    throw other;
  } catch (error) {
    await file?.close();
    if (error instanceof BuildProblem) throw error;
    if (isGone(error)) return undefined;
    throw unreadable(path, 'file', error);
  } finally {
    folder?.close();
  }
}
