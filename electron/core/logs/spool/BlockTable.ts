/** Numbers of one entry, the same in memory, between the threads and in a segment's index file (float64, little-endian). */
export const STRIDE = 16;
export const ENTRY_BYTES = STRIDE * 8;
const LEVELS = 7;

const SEGMENT = 0;
const OFFSET = 1;
const BYTES = 2;
const LINES = 3;
const FIRST_LINE = 4;
const FIRST_KEY = 5;
const LAST_KEY = 6;
const CRC = 7;
const LEVEL_COUNTS = 8;
const MARK = 15;
/** Stands in every entry, so that a torn index file is noticed. */
const ENTRY_MARK = 0x464c4f54;

/**
 * The sparse index of one container's log: an entry for each block of consecutive records. A line's *key* is its time in epoch
 * microseconds, but never before that of the line in front of it (and that of its head for a line that continues another): so keys
 * ascend within a container and the merged order of several is that of (key, container, line). The last entry may be of a block that
 * still grows; its checksum is 0 until it is full.
 */
export class BlockTable {
  #numbers = new Float64Array(STRIDE * 16);
  #size = 0;
  /** Entries taken off the front; block numbers go on. */
  #base = 0;

  /** Number of the first block kept. */
  get first(): number {
    return this.#base;
  }

  /** Number after the last block. */
  get end(): number {
    return this.#base + this.#size;
  }

  segment(block: number): number {
    return this.#get(block, SEGMENT);
  }
  /** Byte offset of the block in its segment. */
  offset(block: number): number {
    return this.#get(block, OFFSET);
  }
  bytes(block: number): number {
    return this.#get(block, BYTES);
  }
  lines(block: number): number {
    return this.#get(block, LINES);
  }
  /** Number of the block's first line, counted from the container's very first. */
  firstLine(block: number): number {
    return this.#get(block, FIRST_LINE);
  }
  firstKey(block: number): number {
    return this.#get(block, FIRST_KEY);
  }
  lastKey(block: number): number {
    return this.#get(block, LAST_KEY);
  }
  /** CRC-32 of the block's bytes; 0 while it grows. */
  crc(block: number): number {
    return this.#get(block, CRC);
  }
  /** Lines of a level among the block's; notices count nowhere. */
  levelCount(block: number, level: number): number {
    return this.#get(block, LEVEL_COUNTS + level);
  }

  /** Sets block `block`, the last one or the one after it. */
  set(block: number, entry: ArrayLike<number>): void {
    const index = block - this.#base;
    if (index < 0 || index > this.#size)
      throw new RangeError(`Block ${block} does not follow ${this.end - 1}.`);
    if (index === this.#size) {
      this.#size += 1;
      if (this.#size * STRIDE > this.#numbers.length) {
        const grown = new Float64Array(this.#numbers.length * 2);
        grown.set(this.#numbers);
        this.#numbers = grown;
      }
    }
    this.#numbers.set(entry, index * STRIDE);
  }

  /** Takes all blocks before `block` off. */
  dropBefore(block: number): void {
    const count = Math.min(this.#size, Math.max(0, block - this.#base));
    if (count === 0) return;
    this.#numbers.copyWithin(0, count * STRIDE, this.#size * STRIDE);
    this.#size -= count;
    this.#base += count;
  }

  /** A copy of the entries from `block` on. */
  slice(block: number): Float64Array {
    return this.#numbers.slice((block - this.#base) * STRIDE, this.#size * STRIDE);
  }

  /** Replaces everything: blocks numbered from `base` on. */
  load(base: number, entries: Float64Array): void {
    this.#base = base;
    this.#size = entries.length / STRIDE;
    this.#numbers = new Float64Array(Math.max(STRIDE * 16, entries.length));
    this.#numbers.set(entries);
  }

  /** The first block whose last key is at or after `key`; `end` when there is none. */
  findKey(key: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle * STRIDE + LAST_KEY] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low + this.#base;
  }

  /** The block that holds line number `line`; the nearest one where it is not kept; −1 when there is none at all. */
  findLine(line: number): number {
    if (this.#size === 0) return -1;
    let low = 0;
    let high = this.#size - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#numbers[middle * STRIDE + FIRST_LINE] as number) <= line) low = middle;
      else high = middle - 1;
    }
    return low + this.#base;
  }

  #get(block: number, field: number): number {
    return this.#numbers[(block - this.#base) * STRIDE + field] as number;
  }
}

export interface Block {
  segment: number;
  offset: number;
  bytes: number;
  lines: number;
  firstLine: number;
  firstKey: number;
  lastKey: number;
  crc: number;
  levels: Uint32Array;
}

export function newBlock(segment: number, offset: number, firstLine: number, firstKey: number): Block {
  return {
    segment,
    offset,
    bytes: 0,
    lines: 0,
    firstLine,
    firstKey,
    lastKey: firstKey,
    crc: 0,
    levels: new Uint32Array(LEVELS),
  };
}

export function entryOf(block: Block): Float64Array {
  const entry = new Float64Array(STRIDE);
  entry[SEGMENT] = block.segment;
  entry[OFFSET] = block.offset;
  entry[BYTES] = block.bytes;
  entry[LINES] = block.lines;
  entry[FIRST_LINE] = block.firstLine;
  entry[FIRST_KEY] = block.firstKey;
  entry[LAST_KEY] = block.lastKey;
  entry[CRC] = block.crc;
  entry.set(block.levels, LEVEL_COUNTS);
  entry[MARK] = ENTRY_MARK;
  return entry;
}

export function blockOf(entry: ArrayLike<number>): Block {
  const at = (field: number): number => entry[field] as number;
  return {
    segment: at(SEGMENT),
    offset: at(OFFSET),
    bytes: at(BYTES),
    lines: at(LINES),
    firstLine: at(FIRST_LINE),
    firstKey: at(FIRST_KEY),
    lastKey: at(LAST_KEY),
    crc: at(CRC),
    levels: Uint32Array.from({ length: LEVELS }, (_, level) => at(LEVEL_COUNTS + level)),
  };
}

/** Whether `entry`, read from an index file, can follow what ends at `offset` with `nextLine` lines in front. */
export function isSoundEntry(entry: ArrayLike<number>, segment: number, offset: number): boolean {
  const at = (field: number): number => entry[field] as number;
  return (
    at(MARK) === ENTRY_MARK &&
    at(SEGMENT) === segment &&
    at(OFFSET) === offset &&
    at(BYTES) > 0 &&
    at(LINES) > 0 &&
    at(LAST_KEY) >= at(FIRST_KEY)
  );
}
