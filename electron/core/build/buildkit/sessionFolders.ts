import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import type { BuildRecord } from '../BuildRecord.ts';
import { BuildProblem } from '../BuildProblem.ts';
import type { BuildFiles } from '../locateDockerfile.ts';
import { PinnedFolder } from '../context/PinnedFolder.ts';
import { isGone, unreadable } from '../context/unreadable.ts';
import type { ContextTree } from '../walkContext.ts';
import type { ServedEntry, ServedFolder } from './serveFolder.ts';

const CHUNK_BYTES = 256 * 1024;
/** Name under which the Dockerfile is served, wherever it lies. */
export const SERVED_DOCKERFILE = 'Dockerfile';

/**
 * Whether a Dockerfile or ignore file travels with the context that must not be part of it: one that .dockerignore
 * leaves out, or a Dockerfile from outside. In a tar BuildKit would show it to `COPY .`.
 */
export function mustHide(files: BuildFiles): boolean {
  // A Dockerfile from outside is carried with an ignore file of its own, which only other builders heed.
  const isCarried = files.replacements.has('.dockerignore');
  return isCarried || files.always.some((path) => isHidden(files, path));
}

const isHidden = (files: BuildFiles, path: string): boolean =>
  files.always.includes(path) && files.ignore.judgeDeep(path).ignored;

/** The context and the Dockerfile as two folders that the engine fetches from the session. */
export function sessionFolders(
  files: BuildFiles,
  tree: ContextTree,
  dockerfile: string,
  record: BuildRecord,
  onBroken: (problem: unknown) => void,
): (name: string, only: readonly string[]) => ServedFolder | undefined {
  const context = visibleEntries(files, tree);
  const text = Buffer.from(dockerfile, 'utf8');
  return (name, only) => {
    if (name === 'dockerfile')
      return {
        entries: [
          {
            path: SERVED_DOCKERFILE,
            kind: 'file',
            mode: 0o644,
            sizeBytes: text.length,
            modifiedMs: 0,
          },
        ],
        async *read() {
          yield text;
        },
      };
    if (name !== 'context') return undefined;
    return {
      // The engine asks for .dockerignore first, to leave out what is left out here already.
      entries: only.length === 1 && only[0] === '.dockerignore' ? [] : neededEntries(context, only),
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

/**
 * Of the entries those that the paths of COPY lines lead to. Patterns and links could lead anywhere: then all are needed.
 */
function neededEntries(entries: readonly ServedEntry[], paths: readonly string[]): readonly ServedEntry[] {
  const wanted = paths.map((path) => posix.normalize(path).replace(/^\/+|\/+$/g, ''));
  const isWide = wanted.some((path) => path === '' || path === '.' || /[*?[\\]|^\.\.(?:\/|$)/.test(path));
  if (wanted.length === 0 || isWide || entries.some((entry) => entry.kind === 'link')) return entries;
  return entries.filter(({ path }) =>
    wanted.some((want) => path === want || path.startsWith(`${want}/`) || want.startsWith(`${path}/`)),
  );
}

/** Without what is hidden, and without ignored folders that were kept only for it. */
function visibleEntries(files: BuildFiles, tree: ContextTree): ServedEntry[] {
  const kept = tree.entries.filter((entry) => entry.kind === 'folder' || !isHidden(files, entry.path));
  return kept.filter(
    (entry) =>
      entry.kind !== 'folder' ||
      !files.ignore.judgeDeep(entry.path).ignored ||
      kept.some((other) => other.kind !== 'folder' && other.path.startsWith(`${entry.path}/`)),
  );
}

/** A file of the context as it is now. Nothing is read outside the root, whatever took a folder's place meanwhile. */
async function* readInside(root: string, { path }: ServedEntry, record: BuildRecord): AsyncGenerator<Buffer> {
  const file = await openInside(root, path);
  if (file === undefined) return record.skipped({ path, reason: 'vanished before it was sent' });
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, null).catch((error: unknown) => {
        throw unreadable(path, 'file', error);
      });
      if (bytesRead === 0) return;
      record.sent(bytesRead);
      yield chunk.subarray(0, bytesRead);
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
