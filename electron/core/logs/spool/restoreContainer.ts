import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { blockOf, ENTRY_BYTES, entryOf, isSoundEntry, newBlock, STRIDE } from './BlockTable.ts';
import { BLOCK_BYTES, type RestoredSpool, type Segment } from './ContainerSpool.ts';
import {
  CONTINUES,
  HEADER_BYTES,
  isPlausible,
  KIND_MASK,
  KIND_NOTICE,
  LONGEST_TEXT_BYTES,
  microsAt,
  SEGMENT_MAGIC,
  textBytesAt,
} from './recordFormat.ts';
import { readBlockFile, records } from './readBlock.ts';
import { indexPath, segmentOfName, segmentPath } from './spoolFiles.ts';

/**
 * Reads what a folder holds of a container's log: the index files, and the records behind the last entry, which a crash leaves. A torn
 * record at the end is cut off; a segment that is none is left out and told of.
 *
 * @param readOnly another Flotilla writes here: nothing is mended on disk
 */
export function restoreContainer(
  folder: string,
  readOnly: boolean,
): { spool: RestoredSpool; damage: string[] } {
  const numbers = readdirSync(folder)
    .flatMap((name) => segmentOfName(name) ?? [])
    .sort((a, b) => a - b);
  const damage: string[] = [];
  const entries: Float64Array[] = [];
  const segments: Segment[] = [];
  let nextLine = 0;
  let lastKey = 0;
  for (const number of numbers) {
    try {
      const read = readSegment(folder, number, readOnly, { nextLine, lastKey });
      if (read.torn > 0)
        damage.push(`${read.torn} bytes at the end of segment ${number} are damaged and were left out.`);
      if (read.entries.length === 0) continue;
      entries.push(...read.entries);
      segments.push({ number, bytes: read.bytes, endBlock: entries.length });
      const last = blockOf(read.entries.at(-1) as Float64Array);
      nextLine = last.firstLine + last.lines;
      lastKey = Math.max(lastKey, last.lastKey);
    } catch (error) {
      damage.push(`Segment ${number} cannot be read (${(error as Error).message}).`);
    }
  }
  const flat = new Float64Array(entries.length * STRIDE);
  for (const [at, entry] of entries.entries()) flat.set(entry, at * STRIDE);
  const last = lastLine(folder, entries);
  return {
    spool: {
      segments,
      entries: flat,
      nextLine,
      lastKey,
      lastMicros: last?.micros ?? 0,
      lastNanos: last?.nanos ?? 0,
    },
    damage,
  };
}

function readSegment(
  folder: string,
  number: number,
  readOnly: boolean,
  before: { nextLine: number; lastKey: number },
): { entries: Float64Array[]; bytes: number; torn: number } {
  const fd = openSync(segmentPath(folder, number), readOnly ? 'r' : 'r+');
  try {
    const size = fstatSync(fd).size;
    const magic = Buffer.alloc(SEGMENT_MAGIC.length);
    readSync(fd, magic, 0, magic.length, 0);
    if (!magic.equals(SEGMENT_MAGIC)) throw new Error('it does not begin as one');
    const entries = readIndex(folder, number, size);
    const known = entries.length;
    const last = known === 0 ? undefined : blockOf(entries[known - 1] as Float64Array);
    let offset = last === undefined ? SEGMENT_MAGIC.length : last.offset + last.bytes;
    let nextLine = last === undefined ? before.nextLine : last.firstLine + last.lines;
    let lastKey = Math.max(before.lastKey, last?.lastKey ?? 0);
    // Records behind the index: what was flushed of a block that was not full.
    const piece = Buffer.allocUnsafeSlow(BLOCK_BYTES + HEADER_BYTES + LONGEST_TEXT_BYTES);
    while (offset < size) {
      const length = readSync(fd, piece, 0, Math.min(piece.length, size - offset), offset);
      const block = newBlock(number, offset, nextLine, Math.max(lastKey, 0));
      let at = 0;
      while (at < BLOCK_BYTES && isPlausible(piece, at, length)) {
        const end = at + HEADER_BYTES + textBytesAt(piece, at);
        if (end > length) break;
        const micros = microsAt(piece, at);
        const continues = ((piece[at + 14] as number) & CONTINUES) !== 0;
        lastKey = continues || micros < lastKey ? lastKey : micros;
        if (block.lines === 0) block.firstKey = lastKey;
        block.lastKey = lastKey;
        block.lines += 1;
        const level = piece[at + 15] as number;
        const isNotice = ((piece[at + 14] as number) & KIND_MASK) === KIND_NOTICE;
        if (!isNotice) block.levels[level] = (block.levels[level] as number) + 1;
        at = end;
      }
      if (block.lines === 0) break;
      block.bytes = at;
      block.crc = Math.max(1, crc32(piece.subarray(0, at)) >>> 0);
      entries.push(entryOf(block));
      offset += at;
      nextLine += block.lines;
    }
    if (!readOnly) {
      if (offset < size) ftruncateSync(fd, offset);
      if (entries.length > known || indexSize(folder, number) !== entries.length * ENTRY_BYTES)
        writeFileSync(
          indexPath(folder, number),
          Buffer.concat(entries.map((entry) => Buffer.from(entry.buffer, entry.byteOffset, ENTRY_BYTES))),
          { mode: 0o600 },
        );
    }
    return { entries, bytes: offset, torn: size - offset };
  } finally {
    closeSync(fd);
  }
}

/** The sound entries of an index file, as far as the segment reaches. */
function readIndex(folder: string, number: number, segmentSize: number): Float64Array[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(indexPath(folder, number));
  } catch {
    return [];
  }
  const count = Math.floor(bytes.length / ENTRY_BYTES);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * ENTRY_BYTES));
  const entries: Float64Array[] = [];
  let offset = SEGMENT_MAGIC.length;
  for (let at = 0; at < count; at += 1) {
    const entry = all.subarray(at * STRIDE, (at + 1) * STRIDE);
    if (!isSoundEntry(entry, number, offset)) break;
    offset += entry[2] as number;
    if (offset > segmentSize) break;
    entries.push(entry);
  }
  return entries;
}

function indexSize(folder: string, number: number): number {
  try {
    const fd = openSync(indexPath(folder, number), 'r');
    try {
      return fstatSync(fd).size;
    } finally {
      closeSync(fd);
    }
  } catch {
    return -1;
  }
}

/** Time of the newest line that the container wrote itself, which is where its log is taken up again. */
function lastLine(
  folder: string,
  entries: readonly Float64Array[],
): { micros: number; nanos: number } | undefined {
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const block = blockOf(entries[at] as Float64Array);
    let last: { micros: number; nanos: number } | undefined;
    for (const record of records(readBlockFile(folder, block))) if (!record.isNotice) last = record;
    if (last !== undefined) return last;
  }
  return undefined;
}
