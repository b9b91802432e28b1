import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { BlockTable } from '../spool/BlockTable.ts';
import { isPlausible, keyAt, nextRecord } from '../spool/recordFormat.ts';
import { segmentPath } from '../spool/spoolFiles.ts';
import type { ContainerIndex, SpoolState } from '../threads/threadMessages.ts';

const OPEN_FILES = 64;
const CACHED_BYTES = 12 * 1024 * 1024;

/** A block's bytes with the place and key of each record. Of a damaged one there are no records. */
export interface DecodedBlock {
  bytes: Buffer;
  lines: number;
  /** Where record `i` begins; one more entry for the end. */
  offsets: Uint32Array;
  keys: Float64Array;
  isDamaged: boolean;
}

/** One container's log as the reading thread knows it. */
export class SpoolContainer {
  readonly number: number;
  readonly worker: string;
  readonly service: string;
  readonly folder: string;
  readonly table = new BlockTable();
  readonly memory = new Map<number, SharedArrayBuffer>();
  /** Blocks whose checksum or records are wrong. */
  readonly damaged = new Set<number>();

  constructor(index: ContainerIndex) {
    this.number = index.number;
    this.worker = index.worker;
    this.service = index.service;
    this.folder = index.folder;
  }

  /** Number after the newest line known. */
  get endLine(): number {
    const last = this.table.end - 1;
    return last < this.table.first ? 0 : this.table.firstLine(last) + this.table.lines(last);
  }

  get firstLine(): number {
    return this.table.end > this.table.first ? this.table.firstLine(this.table.first) : this.endLine;
  }

  get lastKey(): number {
    const last = this.table.end - 1;
    return last < this.table.first ? 0 : this.table.lastKey(last);
  }

  take(index: ContainerIndex): void {
    if (this.table.end === this.table.first && this.table.end <= index.fromBlock)
      this.table.load(index.fromBlock, index.entries);
    else
      for (let at = 0; at * 16 < index.entries.length; at += 1) {
        const block = index.fromBlock + at;
        if (block >= this.table.first) this.table.set(block, index.entries.subarray(at * 16, at * 16 + 16));
      }
    this.memory.clear();
    for (const { number, memory } of index.memory) this.memory.set(number, memory);
  }
}

/** The index of one app's spool, kept up to date by the writing thread. */
export interface AppIndex {
  containers: Map<number, SpoolContainer>;
  state: SpoolState;
}

/** Reads blocks, with the files open and the newest blocks decoded for as long as they are wanted. */
export class BlockReader {
  readonly #files = new Map<string, number>();
  readonly #cache = new Map<string, DecodedBlock>();
  #cachedBytes = 0;
  #scratch = Buffer.allocUnsafeSlow(512 * 1024);

  /** The block's bytes in a buffer that the next call may use again; undefined when they are gone or damaged (and then marked so). */
  scan(container: SpoolContainer, block: number): Buffer | undefined {
    const { table } = container;
    const length = table.bytes(block);
    if (length > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(length);
    const bytes = this.#scratch.subarray(0, length);
    return this.#read(container, block, bytes) ? bytes : undefined;
  }

  /** The block with its records found; kept for the next who asks. */
  decode(container: SpoolContainer, block: number): DecodedBlock {
    const { table } = container;
    const key = `${container.folder}:${block}`;
    const known = this.#cache.get(key);
    if (known !== undefined && (known.lines === table.lines(block) || known.isDamaged)) {
      this.#cache.delete(key);
      this.#cache.set(key, known);
      return known;
    }
    if (known !== undefined) this.#forget(key, known);
    const bytes = Buffer.allocUnsafe(table.bytes(block));
    const isWhole = this.#read(container, block, bytes);
    const decoded = isWhole ? findRecords(bytes, table.lines(block), table.firstKey(block)) : undefined;
    if (isWhole && decoded === undefined) container.damaged.add(block);
    const result = decoded ?? {
      bytes: Buffer.alloc(0),
      lines: 0,
      offsets: new Uint32Array(1),
      keys: new Float64Array(0),
      isDamaged: true,
    };
    this.#cache.set(key, result);
    this.#cachedBytes += sizeOf(result);
    for (const [oldest, entry] of this.#cache) {
      if (this.#cachedBytes <= CACHED_BYTES) break;
      this.#forget(oldest, entry);
    }
    return result;
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
    this.#cache.clear();
    this.#cachedBytes = 0;
  }

  #forget(key: string, entry: DecodedBlock): void {
    this.#cache.delete(key);
    this.#cachedBytes -= sizeOf(entry);
  }

  #read(container: SpoolContainer, block: number, bytes: Buffer): boolean {
    const { table } = container;
    const segment = table.segment(block);
    const offset = table.offset(block);
    const memory = container.memory.get(segment);
    if (memory !== undefined) {
      bytes.set(new Uint8Array(memory, offset, bytes.length));
      return true;
    }
    try {
      const fd = this.#open(segmentPath(container.folder, segment));
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(fd, bytes, done, bytes.length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      const crc = table.crc(block);
      if (done === bytes.length && (crc === 0 || Math.max(1, crc32(bytes) >>> 0) === crc)) return true;
    } catch {
      // Gone: told as damage below, unless it has been evicted, which is told by itself.
    }
    container.damaged.add(block);
    return false;
  }

  #open(path: string): number {
    const known = this.#files.get(path);
    if (known !== undefined) {
      this.#files.delete(path);
      this.#files.set(path, known);
      return known;
    }
    const fd = openSync(path, 'r');
    this.#files.set(path, fd);
    if (this.#files.size > OPEN_FILES) {
      const [oldest, oldestFd] = this.#files.entries().next().value as [string, number];
      this.#files.delete(oldest);
      closeSync(oldestFd);
    }
    return fd;
  }
}

/** Undefined where the bytes are not exactly so many records. */
function findRecords(bytes: Buffer, lines: number, firstKey: number): DecodedBlock | undefined {
  const offsets = new Uint32Array(lines + 1);
  const keys = new Float64Array(lines);
  let key = firstKey;
  let at = 0;
  for (let line = 0; line < lines; line += 1) {
    if (!isPlausible(bytes, at, bytes.length)) return undefined;
    offsets[line] = at;
    key = keyAt(bytes, at, key);
    keys[line] = key;
    at = nextRecord(bytes, at);
  }
  offsets[lines] = at;
  return at === bytes.length ? { bytes, lines, offsets, keys, isDamaged: false } : undefined;
}

const sizeOf = (block: DecodedBlock): number => block.bytes.length + block.lines * 12 + 200;
