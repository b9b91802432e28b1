import { crc32 } from 'node:zlib';
import { type Block, BlockTable, entryOf, newBlock } from './BlockTable.ts';
import {
  CONTINUES,
  HEADER_BYTES,
  KIND_MASK,
  KIND_NOTICE,
  LONGEST_TEXT_BYTES,
  SEGMENT_MAGIC,
  writeHeader,
} from './recordFormat.ts';
import type { SegmentTarget } from './SegmentTarget.ts';

/** A block is full at so many bytes or lines: the unit that is read, checked and searched. */
export const BLOCK_BYTES = 64 * 1024;
const BLOCK_LINES = 1024;
/** The longest a block can get: full but for one byte, and then the longest record. */
const LONGEST_BLOCK_BYTES = BLOCK_BYTES + HEADER_BYTES + LONGEST_TEXT_BYTES;
const LEAST_BUFFER_BYTES = 4096;
/** Copying fewer bytes in a loop is quicker than a native call. */
const SHORT_BYTES = 40;

export interface ContainerIdentity {
  /** Number within the app's spool; part of every row's address. */
  number: number;
  /** The engine's id. */
  id: string;
  worker: string;
  service: string;
}

export interface Segment {
  number: number;
  bytes: number;
  /** Number after its last block. */
  endBlock: number;
  memory?: SharedArrayBuffer | undefined;
}

/** What a container's spool asks of the app's. */
export interface SpoolOwner {
  /** A segment is ended above this size. */
  segmentBytes(): number;
  /** A block is begun: evicts what is oldest until it fits. */
  makeRoom(): void;
  /** The target of the next segment. */
  beginSegment(spool: ContainerSpool, number: number): SegmentTarget;
  /** The first record since the last flush came. */
  onDirty(spool: ContainerSpool): void;
  /** Writing failed. Answers the target to write the block to instead; the same one to try again. @throws when there is none */
  onWriteError(spool: ContainerSpool, target: SegmentTarget, error: unknown): SegmentTarget;
}

/** What a spool holds that was read from disk. */
export interface RestoredSpool {
  segments: Segment[];
  entries: Float64Array;
  nextLine: number;
  lastKey: number;
  lastMicros: number;
  lastNanos: number;
}

/**
 * Appends one container's lines to segments, with a sparse index beside each. Files only grow: a crash loses what was not flushed,
 * never what was. The block that grows is kept whole in memory until it is full, so that it can go elsewhere when the disk refuses it.
 */
export class ContainerSpool {
  readonly identity: ContainerIdentity;
  readonly table = new BlockTable();
  readonly segments: Segment[] = [];
  readonly #owner: SpoolOwner;
  #target: SegmentTarget | undefined;
  #block: Block | undefined;
  #blockNumber = 0;
  /** The growing block's bytes; the first `#flushed` of them are written. */
  #buffer = Buffer.alloc(0);
  #used = 0;
  #flushed = 0;
  #nextLine = 0;
  #lastKey = 0;
  #dirty = false;
  #nextSegment = 1;
  /** First block that changed since {@link takeChanges}. */
  #changed = Number.POSITIVE_INFINITY;
  #lastMicros = 0;
  #lastNanos = 0;

  constructor(identity: ContainerIdentity, owner: SpoolOwner, restored?: RestoredSpool) {
    this.identity = identity;
    this.#owner = owner;
    if (restored === undefined) return;
    this.segments.push(...restored.segments);
    this.table.load(0, restored.entries);
    this.#nextLine = restored.nextLine;
    this.#lastKey = restored.lastKey;
    this.#lastMicros = restored.lastMicros;
    this.#lastNanos = restored.lastNanos;
    this.#nextSegment = (restored.segments.at(-1)?.number ?? 0) + 1;
  }

  /** Lines ever written, evicted ones among them. */
  get endLine(): number {
    return this.#nextLine;
  }

  /** Number of the oldest line kept. */
  get firstLine(): number {
    if (this.table.end > this.table.first) return this.table.firstLine(this.table.first);
    return this.#block?.firstLine ?? this.#nextLine;
  }

  get lastKey(): number {
    return this.#lastKey;
  }

  /** Time of the newest line of the container's own (notices are ours), epoch microseconds and nanoseconds beyond; 0 while there is none. */
  get lastTime(): { micros: number; nanos: number } {
    return { micros: this.#lastMicros, nanos: this.#lastNanos };
  }

  get diskBytes(): number {
    let sum = 0;
    for (const segment of this.segments) if (segment.memory === undefined) sum += segment.bytes;
    return sum;
  }

  /** Appends `text[start, end)`, of which {@link LONGEST_TEXT_BYTES} at most are taken. */
  append(
    flags: number,
    level: number,
    micros: number,
    nanos: number,
    text: Buffer,
    start: number,
    end: number,
  ): void {
    const length = Math.min(end - start, LONGEST_TEXT_BYTES);
    const size = HEADER_BYTES + length;
    const key = (flags & CONTINUES) !== 0 || micros < this.#lastKey ? this.#lastKey : micros;
    let block = this.#block;
    if (block !== undefined && (block.bytes >= BLOCK_BYTES || block.lines >= BLOCK_LINES)) {
      this.#closeBlock();
      block = undefined;
    }
    block ??= this.#beginBlock(key);
    const at = this.#used;
    if (at + size > this.#buffer.length) this.#grow(at + size);
    const buffer = this.#buffer;
    writeHeader(buffer, at, length, micros, nanos, flags, level);
    if (length < SHORT_BYTES)
      for (let from = start, to = at + HEADER_BYTES; from < start + length; from += 1, to += 1)
        buffer[to] = text[from] as number;
    else text.copy(buffer, at + HEADER_BYTES, start, start + length);
    this.#used = at + size;
    block.bytes += size;
    block.lines += 1;
    block.lastKey = key;
    this.#lastKey = key;
    this.#nextLine += 1;
    if ((flags & KIND_MASK) !== KIND_NOTICE) {
      block.levels[level] = (block.levels[level] as number) + 1;
      this.#lastMicros = micros;
      this.#lastNanos = nanos;
    }
    if (!this.#dirty) {
      this.#dirty = true;
      this.#owner.onDirty(this);
    }
  }

  /** Puts everything where other threads can read it, and the table up to date. */
  flush(): void {
    this.#dirty = false;
    const block = this.#block;
    if (block === undefined || this.#used === this.#flushed) return;
    this.#write(block);
    this.table.set(this.#blockNumber, entryOf(block));
    this.#changed = Math.min(this.#changed, this.#blockNumber);
  }

  /** The first block that changed since this was last asked; undefined when none did. */
  takeChanges(): number | undefined {
    const changed = Math.max(this.#changed, this.table.first);
    this.#changed = Number.POSITIVE_INFINITY;
    return changed < this.table.end ? changed : undefined;
  }

  /** Ends the growing block and lets go of files and memory; the next record begins another. */
  close(): void {
    if (this.#block !== undefined) this.#closeBlock();
    this.#dirty = false;
    this.#target?.rest();
    this.#buffer = Buffer.alloc(0);
  }

  /** Lets go of the files of a log that is quiet: with many workers most are. */
  rest(): void {
    if (!this.#dirty) this.#target?.rest();
  }

  /** Ends the segment; the next record begins another. */
  rollSegment(): void {
    if (this.#block !== undefined) this.#closeBlock();
    this.#target?.rest();
    this.#target = undefined;
  }

  /** Takes the oldest segment off the table; its file is the owner's to remove. */
  dropOldest(): Segment | undefined {
    if (this.segments.length === 1) this.rollSegment();
    const segment = this.segments.shift();
    if (segment !== undefined) this.table.dropBefore(segment.endBlock);
    return segment;
  }

  #beginBlock(key: number): Block {
    this.#owner.makeRoom();
    let target = this.#target;
    const bytes = this.segments.at(-1)?.bytes ?? 0;
    const isFull =
      target !== undefined &&
      (bytes >= this.#owner.segmentBytes() || bytes + LONGEST_BLOCK_BYTES > target.capacity);
    if (target === undefined || isFull) {
      target?.rest();
      target = this.#owner.beginSegment(this, this.#nextSegment++);
      this.#enter(target);
    }
    const segment = this.segments.at(-1) as Segment;
    this.#blockNumber = this.table.end;
    this.#used = 0;
    this.#flushed = 0;
    this.#block = newBlock(segment.number, segment.bytes, this.#nextLine, key);
    return this.#block;
  }

  #enter(target: SegmentTarget): void {
    this.#target = target;
    this.segments.push({
      number: target.number,
      bytes: SEGMENT_MAGIC.length,
      endBlock: this.table.end,
      memory: target.memory,
    });
    this.#nextSegment = Math.max(this.#nextSegment, target.number + 1);
  }

  #closeBlock(): void {
    const block = this.#block as Block;
    this.#block = undefined;
    if (block.lines === 0) return;
    this.#write(block);
    const crc = crc32(this.#buffer.subarray(0, this.#used)) >>> 0;
    block.crc = crc === 0 ? 1 : crc;
    const entry = entryOf(block);
    this.table.set(this.#blockNumber, entry);
    this.#changed = Math.min(this.#changed, this.#blockNumber);
    try {
      this.#target?.writeEntry(entry);
    } catch {
      // The index is found again from the records when the spool is next opened.
      this.#target?.rest();
      this.#target = undefined;
    }
    if (this.#buffer.length > 2 * BLOCK_BYTES) this.#buffer = Buffer.alloc(0);
  }

  #write(block: Block): void {
    for (;;) {
      const target = this.#target as SegmentTarget;
      try {
        target.write(this.#buffer, this.#flushed, this.#used, block.offset + this.#flushed);
        this.#flushed = this.#used;
        const segment = this.segments.at(-1) as Segment;
        segment.bytes = block.offset + this.#used;
        segment.endBlock = this.#blockNumber + 1;
        return;
      } catch (error) {
        const other = this.#owner.onWriteError(this, target, error);
        if (other === target) continue;
        target.rest();
        // The whole block goes to the new place; what a part of it left in the old one is behind its last entry.
        this.#enter(other);
        const segment = this.segments.at(-1) as Segment;
        block.segment = segment.number;
        block.offset = segment.bytes;
        this.#flushed = 0;
      }
    }
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(LEAST_BUFFER_BYTES, needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#used);
    this.#buffer = grown;
  }

  /** The number that the next segment gets. */
  get nextSegment(): number {
    return this.#nextSegment;
  }
}
