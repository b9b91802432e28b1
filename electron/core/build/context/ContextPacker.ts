import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ContextEntry, SkippedEntry } from '../walkContext.ts';
import { PinnedFolder } from './PinnedFolder.ts';
import { paddedSize, tarHeader } from './tarHeader.ts';
import { codeOf, isGone, unreadable } from './unreadable.ts';

/** Chunks are about this large: few enough hand-overs, and small beside everything else. */
export const CHUNK_BYTES = 512 * 1024;

/** Where a packer stands between two chunks. Another packer of the same tree can go on from here. */
export interface PackPosition {
  /** Index of the entry that is next, or under way. */
  entry: number;
  /** The file under way: how many bytes its header promised, and how many of them are packed. */
  file?: { sizeBytes: number; offset: number } | undefined;
}

export interface PackedChunk {
  bytes: Buffer;
  /** Bytes of file contents in it. */
  contentBytes: number;
  /** What vanished or changed since the walk. */
  skipped: SkippedEntry[];
  next: PackPosition;
  /** Nothing comes after it; the blocks that end the archive are the receiver's. */
  done: boolean;
}

interface OpenFile {
  /** undefined: gone, its rest is sent as zeros. */
  fd: number | undefined;
  sizeBytes: number;
  offset: number;
}

const OPEN_FLAGS =
  // Non-blocking, or a FIFO put in the file's place would hang the build for ever.
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NOT_A_FILE = 'became something other than a file of this folder before it was sent';

/**
 * Packs a walked context as tar, a chunk at a time, made while it is read: memory stays at one chunk however large the
 * context is. Owner and group are 0 and names are sorted. Times are the files' own: builders leave them out of their
 * cache keys, and tools such as make need them. What vanished, grew or shrank since the walk is told and the tar stays
 * whole. Calls wait for the disk.
 */
export class ContextPacker {
  readonly #root: string;
  readonly #entries: readonly ContextEntry[];
  #entry: number;
  #resume: PackPosition['file'];
  #file: OpenFile | undefined;
  #folder: { path: string; pin: PinnedFolder } | undefined;
  #chunk = Buffer.alloc(0);
  #used = 0;
  #contentBytes = 0;
  #skipped: SkippedEntry[] = [];

  constructor(options: {
    /** Real path the entries were walked from. */
    root: string;
    /** May grow between two calls of `next`. */
    entries: readonly ContextEntry[];
    at?: PackPosition | undefined;
  }) {
    this.#root = options.root;
    this.#entries = options.entries;
    this.#entry = options.at?.entry ?? 0;
    this.#resume = options.at?.file;
  }

  /**
   * @param isComplete no more entries will come
   * @param memory of a chunk that everybody is done with, to be written over
   * @throws BuildProblem when a file is there but cannot be read
   */
  next(isComplete: boolean, memory?: ArrayBuffer): PackedChunk {
    // Not zeroed: every byte handed out is written below.
    this.#chunk = memory === undefined ? Buffer.allocUnsafeSlow(CHUNK_BYTES) : Buffer.from(memory);
    this.#used = 0;
    this.#contentBytes = 0;
    this.#skipped = [];
    if (this.#resume !== undefined) this.#reopen(this.#resume);
    while (this.#entry < this.#entries.length && this.#used < CHUNK_BYTES) if (!this.#step()) break;
    return {
      bytes: this.#chunk.subarray(0, this.#used),
      contentBytes: this.#contentBytes,
      skipped: this.#skipped,
      next: {
        entry: this.#entry,
        ...(this.#file === undefined
          ? {}
          : { file: { sizeBytes: this.#file.sizeBytes, offset: this.#file.offset } }),
      },
      done: isComplete && this.#entry >= this.#entries.length,
    };
  }

  close(): void {
    this.#closeFile();
    this.#folder?.pin.close();
    this.#folder = undefined;
  }

  get #room(): number {
    return CHUNK_BYTES - this.#used;
  }

  /** Goes on with the entry under way or begins the next. False: the chunk has no room for it. */
  #step(): boolean {
    const entry = this.#entries[this.#entry];
    if (entry === undefined) return false;
    if (this.#file !== undefined) return this.#continueFile(entry, this.#file);
    if (entry.kind === 'file') return this.#beginFile(entry);
    if (!this.#put(tarHeader(entry))) return false;
    this.#entry += 1;
    return true;
  }

  #put(bytes: Buffer): boolean {
    if (bytes.length > this.#room) return false;
    bytes.copy(this.#chunk, this.#used);
    this.#used += bytes.length;
    return true;
  }

  #beginFile(entry: ContextEntry): boolean {
    const fd = this.#open(entry.path);
    if (fd === undefined) {
      this.#entry += 1;
      return true;
    }
    let isKept = false;
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) {
        this.#skip(entry.path, NOT_A_FILE);
        this.#entry += 1;
        return true;
      }
      const now = { ...entry, sizeBytes: stats.size, mode: stats.mode, modifiedMs: stats.mtimeMs };
      const header = tarHeader(now);
      if (header.length > this.#room) return false;
      if (header.length + paddedSize(stats.size) + 1 > this.#room) {
        this.#put(header);
        this.#file = { fd, sizeBytes: stats.size, offset: 0 };
        isKept = true;
        return true;
      }
      // Read before its header is written, which so tells the size that was found.
      const read = this.#readAll(entry.path, fd, this.#used + header.length, stats.size);
      const size = Math.min(read, stats.size);
      this.#put(size === stats.size ? header : tarHeader({ ...now, sizeBytes: size }));
      this.#used += size;
      this.#contentBytes += size;
      this.#pad(size);
      if (read > stats.size) this.#grew(entry.path, size);
      this.#entry += 1;
      return true;
    } finally {
      if (!isKept) closeSync(fd);
    }
  }

  #continueFile(entry: ContextEntry, file: OpenFile): boolean {
    const wanted = Math.min(this.#room, file.sizeBytes - file.offset);
    if (wanted > 0) {
      let read = 0;
      if (file.fd !== undefined) {
        read = this.#read(entry.path, file.fd, this.#used, wanted, file.offset);
        if (read < wanted) {
          const lost = file.sizeBytes - file.offset - read;
          this.#skip(entry.path, `shrank while it was being sent; its last ${lost} bytes were sent as zeros`);
          this.#closeFd(file);
        }
      }
      this.#chunk.fill(0, this.#used + read, this.#used + wanted);
      this.#used += wanted;
      this.#contentBytes += wanted;
      file.offset += wanted;
    }
    if (file.offset < file.sizeBytes) return true;
    const padding = paddedSize(file.sizeBytes) - file.sizeBytes;
    if (padding > this.#room) return false;
    if (file.fd !== undefined && fstatSync(file.fd).size > file.sizeBytes)
      this.#grew(entry.path, file.sizeBytes);
    this.#pad(file.sizeBytes);
    this.#closeFile();
    this.#entry += 1;
    return true;
  }

  /** A file of `bytes`, and one byte more where it grew: asked for at once, so that none needs a second call. */
  #readAll(path: string, fd: number, at: number, bytes: number): number {
    const read = this.#readOnce(path, fd, at, bytes + 1, 0);
    return read >= bytes || read === 0
      ? read
      : read + this.#read(path, fd, at + read, bytes + 1 - read, read);
  }

  /** As often as the system gives less than was asked for, until the end of the file. */
  #read(path: string, fd: number, at: number, bytes: number, position = 0): number {
    let done = 0;
    while (done < bytes) {
      const read = this.#readOnce(path, fd, at + done, bytes - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  }

  #readOnce(path: string, fd: number, at: number, bytes: number, position: number): number {
    try {
      return readSync(fd, this.#chunk, at, bytes, position);
    } catch (error) {
      throw unreadable(path, 'file', error);
    }
  }

  /** A file that another packer has begun. */
  #reopen(file: { sizeBytes: number; offset: number }): void {
    this.#resume = undefined;
    const path = this.#entries[this.#entry]?.path ?? '';
    const fd = this.#open(path);
    this.#file = { fd, ...file };
    if (fd !== undefined && !fstatSync(fd).isFile()) this.#closeFd(this.#file);
  }

  #open(path: string): number | undefined {
    const slash = path.lastIndexOf('/');
    let fd: number;
    try {
      const pin = this.#pin(slash === -1 ? '' : path.slice(0, slash));
      if (pin === undefined) {
        this.#skip(path, NOT_A_FILE);
        return undefined;
      }
      const name = path.slice(slash + 1);
      fd = openSync(pin.at + name, OPEN_FLAGS);
      if (pin.holds(name)) return fd;
      closeSync(fd);
      this.#skip(path, NOT_A_FILE);
      return undefined;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') this.#skip(path, 'vanished before it was sent');
      else if (isGone(error) || codeOf(error) === 'ELOOP' || codeOf(error) === 'ENXIO')
        this.#skip(path, NOT_A_FILE);
      else throw unreadable(path, 'file', error);
      return undefined;
    }
  }

  #pin(path: string): PinnedFolder | undefined {
    if (this.#folder?.path === path) return this.#folder.pin;
    this.#folder?.pin.close();
    this.#folder = undefined;
    const pin = PinnedFolder.open(this.#root, path);
    if (pin !== undefined) this.#folder = { path, pin };
    return pin;
  }

  #pad(size: number): void {
    const end = this.#used + paddedSize(size) - size;
    this.#chunk.fill(0, this.#used, end);
    this.#used = end;
  }

  #skip(path: string, reason: string): void {
    this.#skipped.push({ path, reason });
  }

  #grew(path: string, sizeBytes: number): void {
    this.#skip(path, `grew while it was being sent; only its first ${sizeBytes} bytes were sent`);
  }

  #closeFd(file: OpenFile): void {
    if (file.fd !== undefined) closeSync(file.fd);
    file.fd = undefined;
  }

  #closeFile(): void {
    if (this.#file !== undefined) this.#closeFd(this.#file);
    this.#file = undefined;
  }
}
