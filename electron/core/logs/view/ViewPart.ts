import type { BlockMatcher } from './BlockMatcher.ts';
import type { BlockReader, DecodedBlock, SpoolContainer } from './SpoolIndex.ts';

/** Blocks of which the shown lines are remembered one by one; of all others it is only their count. */
const REMEMBERED = 2;
const GAP = Uint16Array.of(0);
/** Every line, in order; no block has more. */
const ALL = Uint16Array.from({ length: 65_536 }, (_, at) => at);

/** The shown lines of a block: places in it, with the block itself. A damaged one has a single row that says so. */
export interface ShownBlock {
  decoded: DecodedBlock;
  lines: Uint16Array;
}

/**
 * One container's share of a view: how many lines of each block are shown. What stands at a place is found by looking at one block
 * again, so a view of ten million lines costs four bytes for each thousand of them.
 */
export class ViewPart {
  readonly container: SpoolContainer;
  readonly #matcher: BlockMatcher;
  readonly #reader: BlockReader;
  /** Count of each block from `#base` on; −1: not looked at. */
  #counts = new Int32Array(64);
  /** Lines of each block when it was counted. */
  #counted = new Int32Array(64);
  #base = 0;
  #size = 0;
  /** Sum of the counts before each block, as far as `#summedTo`. */
  #sums = new Float64Array(65);
  #summedTo = 0;
  readonly #shown = new Map<number, ShownBlock & { of: number }>();

  constructor(container: SpoolContainer, matcher: BlockMatcher, reader: BlockReader) {
    this.container = container;
    this.#matcher = matcher;
    this.#reader = reader;
    this.#base = container.table.first;
    this.sync();
  }

  get total(): number {
    return this.before(this.container.table.end);
  }

  /** Takes in what came and went at the container. Answers whether there is something to look through. */
  sync(): boolean {
    const { table } = this.container;
    const gone = table.first - this.#base;
    if (gone > 0) {
      this.#counts.copyWithin(0, gone, this.#size);
      this.#counted.copyWithin(0, gone, this.#size);
      this.#size = Math.max(0, this.#size - gone);
      this.#base = table.first;
      this.#summedTo = 0;
      for (const block of this.#shown.keys()) if (block < table.first) this.#shown.delete(block);
    }
    const size = table.end - this.#base;
    if (size > this.#counts.length) {
      const room = Math.max(size, this.#counts.length * 2);
      this.#counts = grown(this.#counts, new Int32Array(room));
      this.#counted = grown(this.#counted, new Int32Array(room));
      this.#sums = grown(this.#sums, new Float64Array(room + 1));
    }
    const from = Math.max(0, this.#size - 1);
    this.#counts.fill(-1, this.#size, size);
    this.#counted.fill(0, this.#size, size);
    this.#size = size;
    let isOpen = false;
    for (let index = from; index < size; index += 1) {
      const lines = table.lines(this.#base + index);
      if (this.#counted[index] === lines && this.#counts[index] !== -1) continue;
      if (this.#matcher.isPlain) this.#set(index, lines, lines);
      else isOpen = true;
    }
    return isOpen;
  }

  /** Whether a block has lines that were not looked at. */
  isPending(block: number): boolean {
    const index = block - this.#base;
    return this.#counts[index] === -1 || this.#counted[index] !== this.container.table.lines(block);
  }

  /** Looks through a block. */
  look(block: number): void {
    const { table } = this.container;
    const bytes = this.#reader.scan(this.container, block);
    const count = bytes === undefined ? 1 : this.#matcher.count(this.container, block, bytes);
    this.#set(block - this.#base, count, table.lines(block));
  }

  /** Rows before a block. */
  before(block: number): number {
    const index = Math.min(this.#size, Math.max(0, block - this.#base));
    const sums = this.#sums;
    if (this.#summedTo === 0) sums[0] = 0;
    for (let at = this.#summedTo; at < index; at += 1)
      sums[at + 1] = (sums[at] as number) + Math.max(0, this.#counts[at] as number);
    this.#summedTo = Math.max(this.#summedTo, index);
    return sums[index] as number;
  }

  countOf(block: number): number {
    return Math.max(0, this.#counts[block - this.#base] ?? 0);
  }

  /** The shown lines of a block, as many as were counted. */
  shown(block: number): ShownBlock {
    const index = block - this.#base;
    const known = this.#shown.get(block);
    const of = this.#counted[index] as number;
    if (known !== undefined && known.of === of) return known;
    const decoded = this.#reader.decode(this.container, block);
    let lines: Uint16Array;
    if (decoded.isDamaged) {
      lines = GAP;
      if (this.countOf(block) !== 1) this.#set(index, 1, of);
    } else {
      lines = this.#matcher.isPlain
        ? ALL.subarray(0, decoded.lines)
        : this.#matcher.matches(this.container, decoded);
      // It grew since it was counted: what is new is shown with the next count.
      if (lines.length > this.countOf(block)) lines = lines.subarray(0, this.countOf(block));
    }
    const entry = { decoded, lines, of };
    this.#shown.set(block, entry);
    if (this.#shown.size > REMEMBERED) this.#shown.delete(this.#shown.keys().next().value as number);
    return entry;
  }

  /** Rows whose key is before `key`. Reads one block at most. */
  rowsBefore(key: number): number {
    const { table } = this.container;
    const block = table.findKey(key);
    const rows = this.before(block);
    if (block >= table.end || table.firstKey(block) >= key || this.countOf(block) === 0) return rows;
    return rows + this.placeOf(block, key);
  }

  /** Place among the shown lines of a block of the first one whose key is at or after `key`. */
  placeOf(block: number, key: number): number {
    const { decoded, lines } = this.shown(block);
    if (decoded.isDamaged) return this.container.table.firstKey(block) < key ? 1 : 0;
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((decoded.keys[lines[middle] as number] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** At least and at most so many rows have a key before `key`, told without reading. */
  bounds(key: number): { least: number; most: number } {
    const { table } = this.container;
    const block = table.findKey(key);
    const least = this.before(block);
    const isCut = block < table.end && table.firstKey(block) < key;
    return { least, most: isCut ? least + this.countOf(block) : least };
  }

  /** Lets go of the blocks it remembers. */
  rest(): void {
    this.#shown.clear();
  }

  #set(index: number, count: number, of: number): void {
    this.#counts[index] = count;
    this.#counted[index] = of;
    this.#summedTo = Math.min(this.#summedTo, index);
  }
}

function grown<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
