import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { Readable } from 'node:stream';
import { type Header, type Pack, pack } from 'tar-stream';
import {
  codeOf,
  type ContextEntry,
  type ContextTree,
  isGone,
  onDisk,
  type SkippedEntry,
  unreadable,
} from './walkContext.ts';

const CHUNK_BYTES = 64 * 1024;
/** Files up to this size are read whole, when their turn is READ_AHEAD entries away. */
const SMALL_BYTES = 64 * 1024;
const READ_AHEAD = 16;
/** The last second a 32-bit tar time can hold. */
const LATEST_SECONDS = 2 ** 31 - 1;

/**
 * A tar of a walked context, made while it is read: memory stays at a few chunks however large the context is.
 * Owner and group are 0 and names are sorted. Times are the files' own: the classic builder leaves them out of
 * its cache key, and tools such as make need them.
 * The stream fails with a BuildProblem for a file that cannot be read; what vanished or changed since the walk
 * is told to `onSkipped` and the tar stays whole.
 */
export function packContext(options: {
  /** Real path the tree was walked from. */
  root: string;
  tree: ContextTree;
  /** Contents sent in place of, or in addition to, what is on the disk. */
  replacements?: ReadonlyMap<string, Buffer>;
  /** Bytes of file contents since the last call. */
  onSent?: (bytes: number) => void;
  onSkipped?: (skipped: SkippedEntry) => void;
}): Readable {
  const tar = pack();
  const replacements = new Map(options.replacements);
  const sent = options.onSent ?? (() => {});
  const skip = options.onSkipped ?? (() => {});

  const { entries } = options.tree;
  const ahead = new Map<ContextEntry, Promise<Loaded>>();
  let next = 0;
  const readAhead = (at: number): void => {
    for (; next < entries.length && next < at + READ_AHEAD; next += 1) {
      const entry = entries[next];
      if (entry?.kind !== 'file' || entry.sizeBytes > SMALL_BYTES || replacements.has(entry.path)) continue;
      const loading = loadFile(options.root, entry.path);
      // It is heard when its turn comes; until then a failure must not count as unheard.
      loading.catch(() => {});
      ahead.set(entry, loading);
    }
  };

  const fill = async (): Promise<void> => {
    for (const [at, entry] of entries.entries()) {
      if (tar.destroyed) return;
      readAhead(at);
      const replacement = replacements.get(entry.path);
      if (replacement !== undefined) {
        replacements.delete(entry.path);
        await writeContent(tar, { ...entry, kind: 'file' }, replacement);
        sent(replacement.length);
      } else if (entry.kind === 'folder') await writeHeader(tar, { ...entry, path: `${entry.path}/` });
      else if (entry.kind === 'link') await writeHeader(tar, entry);
      else {
        const loaded = await (ahead.get(entry) ?? loadFile(options.root, entry.path));
        ahead.delete(entry);
        await sendFile(tar, entry, loaded, sent, skip);
      }
    }
    for (const [path, content] of replacements)
      await writeContent(
        tar,
        { path, kind: 'file', sizeBytes: 0, mode: 0o644, modifiedAt: new Date(0) },
        content,
      );
    tar.finalize();
  };
  const closeAhead = async (): Promise<void> => {
    for (const loading of ahead.values()) {
      const loaded = await loading.catch(() => undefined);
      if (loaded?.kind === 'open') await loaded.file.close();
    }
  };
  fill()
    .catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))))
    .then(closeAhead)
    .catch(() => {});
  const stream = Readable.from(tar, { objectMode: false });
  // Whoever reads learns of a failure; when nobody reads any more it must not end the process.
  for (const part of [tar, stream]) part.on('error', () => {});
  return stream;
}

type Loaded =
  | { kind: 'whole'; content: Buffer; modifiedAt: Date; grew: boolean }
  /** Too large to hold: read while it is sent. The receiver closes the file. */
  | { kind: 'open'; file: FileHandle; size: number; modifiedAt: Date }
  | { kind: 'skipped'; reason: string };

/** @throws BuildProblem when the file is there but cannot be read. */
async function loadFile(root: string, path: string): Promise<Loaded> {
  let file: FileHandle;
  try {
    // Non-blocking, or a FIFO put in the file's place would hang the build for ever.
    file = await open(
      onDisk(root, path),
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
  } catch (error) {
    if (isGone(error)) return { kind: 'skipped', reason: 'vanished before it was sent' };
    if (codeOf(error) === 'ELOOP' || codeOf(error) === 'ENXIO')
      return { kind: 'skipped', reason: 'became something other than a file before it was sent' };
    throw unreadable(path, 'file', error);
  }
  let handedOn = false;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || !(await isInside(root, path, file)))
      return {
        kind: 'skipped',
        reason: 'became something other than a file of this folder before it was sent',
      };
    if (stats.size > SMALL_BYTES) {
      handedOn = true;
      return { kind: 'open', file, size: stats.size, modifiedAt: stats.mtime };
    }
    const room = Buffer.allocUnsafe(stats.size + 1);
    const { bytesRead } = await readAt(file, path, room, room.length, 0);
    const content = room.subarray(0, Math.min(bytesRead, stats.size));
    return { kind: 'whole', content, modifiedAt: stats.mtime, grew: bytesRead > stats.size };
  } finally {
    if (!handedOn) await file.close();
  }
}

async function sendFile(
  tar: Pack,
  entry: ContextEntry,
  loaded: Loaded,
  sent: (bytes: number) => void,
  skip: (skipped: SkippedEntry) => void,
): Promise<void> {
  const { path } = entry;
  const grew = (size: number): void =>
    skip({ path, reason: `grew while it was being sent; only its first ${size} bytes were sent` });
  if (loaded.kind === 'skipped') return skip({ path, reason: loaded.reason });
  if (loaded.kind === 'whole') {
    await writeContent(tar, { ...entry, modifiedAt: loaded.modifiedAt }, loaded.content);
    sent(loaded.content.length);
    if (loaded.grew) grew(loaded.content.length);
    return;
  }
  const { file, size } = loaded;
  try {
    const sink = openEntry(tar, { ...header({ ...entry, modifiedAt: loaded.modifiedAt }), size });
    let position = 0;
    while (position < size) {
      // A fresh one each time: the sink keeps what it is given until the engine has taken it.
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - position));
      let { bytesRead } = await readAt(file, path, chunk, chunk.length, position);
      if (bytesRead === 0) {
        await padWithZeros(tar, sink, size - position, sent);
        skip({
          path,
          reason: `shrank while it was being sent; its last ${size - position} bytes were sent as zeros`,
        });
        bytesRead = size - position;
      } else {
        await write(tar, sink, chunk.subarray(0, bytesRead));
        sent(bytesRead);
      }
      position += bytesRead;
    }
    sink.end(null);
    await settled(tar, sink);
    if ((await file.stat()).size > size) grew(size);
  } finally {
    await file.close();
  }
}

async function padWithZeros(
  tar: Pack,
  sink: Sink,
  bytes: number,
  sent: (bytes: number) => void,
): Promise<void> {
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    const zeros = Buffer.alloc(Math.min(left, CHUNK_BYTES));
    await write(tar, sink, zeros);
    sent(zeros.length);
  }
}

async function readAt(file: FileHandle, path: string, into: Buffer, length: number, position: number) {
  return file.read(into, 0, length, position).catch((error: unknown) => {
    throw unreadable(path, 'file', error);
  });
}

/** O_NOFOLLOW guards the last name only: a folder above it may have become a link since the walk. */
async function isInside(root: string, path: string, file: FileHandle): Promise<boolean> {
  const prefix = root.endsWith(sep) ? root : root + sep;
  if (process.platform === 'linux') {
    const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
    if (place !== undefined) return place.startsWith(prefix);
  }
  const folder = await realpath(dirname(onDisk(root, path))).catch(() => '');
  return `${folder}${sep}`.startsWith(prefix);
}

function header(entry: ContextEntry) {
  return {
    name: entry.path,
    type:
      entry.kind === 'folder'
        ? ('directory' as const)
        : entry.kind === 'link'
          ? ('symlink' as const)
          : ('file' as const),
    // The type bits stay in so that the mode 000 is not taken for "none given"; only the low 12 are written.
    mode: (process.platform === 'win32' ? 0o755 : entry.mode & 0o7777) | 0o100000,
    uid: 0,
    gid: 0,
    mtime: modifiedAt(entry.modifiedAt),
    ...(entry.linkTarget === undefined ? {} : { linkname: entry.linkTarget }),
  };
}

function modifiedAt(time: Date): Date {
  const seconds = Math.floor(time.getTime() / 1000);
  return new Date(Math.min(Math.max(Number.isFinite(seconds) ? seconds : 0, 0), LATEST_SECONDS) * 1000);
}

type Sink = ReturnType<Pack['entry']>;

function openEntry(tar: Pack, headers: Partial<Header> & { name: string }): Sink {
  const sink = tar.entry(headers, () => {});
  // A tar that is given up fails its open entry too: unheard, that would end the process.
  sink.on('error', () => {});
  return sink;
}

async function writeHeader(tar: Pack, entry: ContextEntry): Promise<void> {
  const sink = openEntry(tar, { ...header(entry), size: 0 });
  sink.end(null);
  await settled(tar, sink);
}

async function writeContent(tar: Pack, entry: ContextEntry, content: Buffer): Promise<void> {
  const sink = openEntry(tar, { ...header(entry), size: content.length });
  if (content.length > 0) await write(tar, sink, content);
  sink.end(null);
  await settled(tar, sink);
}

/** Waits until the tar's reader has room: this is how the engine's pace reaches the disk. */
function write(tar: Pack, sink: Sink, chunk: Buffer): Promise<void> {
  if (sink.write(chunk)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const done = (): void => {
      sink.off('drain', done);
      sink.off('close', closed);
      resolve();
    };
    const closed = (): void => {
      sink.off('drain', done);
      reject(new Error('The packing of the build context was stopped.'));
    };
    sink.once('drain', done);
    sink.once('close', closed);
    if (tar.destroyed) closed();
  });
}

function settled(tar: Pack, sink: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => {
      if (tar.destroyed) reject(new Error('The packing of the build context was stopped.'));
      else resolve();
    };
    if (sink.destroyed) closed();
    else sink.once('close', closed);
  });
}
