import { LOG_LEVELS } from '#shared/domain/LogLine.ts';
import type { LogAnchor, LogRow, LogRows } from '#shared/domain/LogView.ts';
import { nanosecondText } from '../bytes/parseTimestamp.ts';
import {
  CONTINUES,
  HEADER_BYTES,
  KIND_MASK,
  KIND_NOTICE,
  KIND_STDERR,
  microsAt,
  nanosAt,
  TRUNCATED,
} from '../spool/recordFormat.ts';
import type { BlockReader, SpoolContainer } from './SpoolIndex.ts';
import type { ViewPart } from './ViewPart.ts';

/** More lines than this are not counted behind a line that they continue. */
const MOST_CONTINUED = 1000;

/** A place in one container, moved on row by row. */
interface Cursor {
  part: ViewPart;
  block: number;
  place: number;
  /** Key of the row it stands on; infinite at the end. */
  key: number;
}

/**
 * The rows of several containers in the order of (key, container, line). A row number is found by halving the time until the blocks cut by
 * a moment tell exactly how many rows come before it: two or three reads a container, however many lines there are.
 */
export class MergedRows {
  readonly #parts: readonly ViewPart[];
  readonly #reader: BlockReader;
  readonly #find: (container: number) => SpoolContainer | undefined;

  /** @param parts by ascending container number */
  constructor(
    parts: readonly ViewPart[],
    reader: BlockReader,
    find: (container: number) => SpoolContainer | undefined,
  ) {
    this.#parts = parts;
    this.#reader = reader;
    this.#find = find;
  }

  get total(): number {
    let sum = 0;
    for (const part of this.#parts) sum += part.total;
    return sum;
  }

  window(anchor: LogAnchor, before: number, count: number, maxChars: number): LogRows {
    const total = this.total;
    const anchorRow = Math.min(Math.max(0, total - 1), this.rowOf(anchor).row);
    // At the end, the rows in front of it are what is wanted.
    const wanted = anchor.kind === 'end' ? before + count : count;
    const firstRow = Math.max(0, anchor.kind === 'end' ? total - wanted : anchorRow - before);
    const rows = this.rows(firstRow, anchor.kind === 'end' ? wanted : anchorRow - firstRow + count, maxChars);
    return { rows, firstRow, anchorRow: total === 0 ? 0 : anchorRow, total };
  }

  /** Rows from number `firstRow` on, as far as there are. */
  rows(firstRow: number, count: number, maxChars: number): LogRow[] {
    const rows: LogRow[] = [];
    const cursors = this.#seek(firstRow);
    while (rows.length < count) {
      const cursor = least(cursors);
      if (cursor === undefined) break;
      const row = this.#rowAt(cursor, maxChars);
      if (row !== undefined) rows.push(row);
      advance(cursor);
    }
    return rows;
  }

  /** Number of an anchor's row, or of the one that would follow it; `isExact` when the view shows the very row. */
  rowOf(anchor: LogAnchor): { row: number; isExact: boolean } {
    if (anchor.kind === 'end') return { row: Math.max(0, this.total - 1), isExact: true };
    if (anchor.kind === 'row') return { row: anchor.row, isExact: true };
    if (anchor.kind === 'time')
      return { row: this.#rowsBefore(Math.floor(anchor.timeMs * 1000)), isExact: false };
    const [container, line] = parseRowId(anchor.id);
    return this.#rowOfLine(container, line);
  }

  /** The lines behind a row that continue it, in full. */
  continuedBy(id: string, maxChars: number): LogRow[] {
    const [number, line] = parseRowId(id);
    const container = this.#find(number);
    if (container === undefined) return [];
    const rows: LogRow[] = [];
    for (let next = line + 1; rows.length < MOST_CONTINUED; next += 1) {
      const place = this.#locate(container, next);
      if (place === undefined || (place.flags & CONTINUES) === 0) break;
      rows.push(this.#row(container, place.block, place.index, maxChars));
    }
    return rows;
  }

  /** One row by its address, whether the view shows it or not. */
  rowById(id: string, maxChars: number): LogRow | undefined {
    const [number, line] = parseRowId(id);
    const container = this.#find(number);
    const place = container === undefined ? undefined : this.#locate(container, line);
    return container === undefined || place === undefined
      ? undefined
      : this.#row(container, place.block, place.index, maxChars);
  }

  /** Times of the first and last row, epoch microseconds; undefined while there is none. */
  span(): { first: number; last: number } | undefined {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const part of this.#parts) {
      const { table } = part.container;
      if (part.total === 0) continue;
      let block = table.first;
      while (block < table.end && part.countOf(block) === 0) block += 1;
      first = Math.min(first, table.firstKey(block));
      block = table.end - 1;
      while (block > table.first && part.countOf(block) === 0) block -= 1;
      last = Math.max(last, table.lastKey(block));
    }
    return Number.isFinite(first) ? { first, last } : undefined;
  }

  #rowsBefore(key: number): number {
    let sum = 0;
    for (const part of this.#parts) sum += part.rowsBefore(key);
    return sum;
  }

  #rowOfLine(number: number, line: number): { row: number; isExact: boolean } {
    const container = this.#find(number);
    if (container === undefined || container.table.end === container.table.first)
      return { row: 0, isExact: false };
    const wanted = Math.min(Math.max(line, container.firstLine), container.endLine - 1);
    const block = container.table.findLine(wanted);
    const decoded = this.#reader.decode(container, block);
    const index = wanted - container.table.firstLine(block);
    const key = decoded.isDamaged ? container.table.firstKey(block) : (decoded.keys[index] as number);
    let row = this.#rowsBefore(key);
    // Of the same moment, those of lower containers and lines come first.
    const cursors = this.#cursorsAt(key);
    for (;;) {
      const cursor = least(cursors);
      if (cursor === undefined || cursor.key > key) return { row, isExact: false };
      const { container: at } = cursor.part;
      const shown = cursor.part.shown(cursor.block);
      const atLine = at.table.firstLine(cursor.block) + (shown.lines[cursor.place] as number);
      if (at.number > number || (at.number === number && atLine >= wanted))
        return { row, isExact: at.number === number && atLine === line };
      row += 1;
      advance(cursor);
    }
  }

  /** Cursors on the rows from number `row` on. */
  #seek(row: number): Cursor[] {
    if (row <= 0) return this.#cursorsAt(Number.NEGATIVE_INFINITY);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const { container } of this.#parts) {
      const { table } = container;
      if (table.end === table.first) continue;
      low = Math.min(low, table.firstKey(table.first));
      high = Math.max(high, table.lastKey(table.end - 1) + 1);
    }
    if (low > high) return [];
    // Invariant: at most `row` rows are before `low`, more than `row` before `high` (or it is the end).
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      let least = 0;
      let most = 0;
      for (const part of this.#parts) {
        const bounds = part.bounds(middle);
        least += bounds.least;
        most += bounds.most;
      }
      if (most <= row) low = middle;
      else if (least > row) high = middle;
      else if (this.#rowsBefore(middle) <= row) low = middle;
      else high = middle;
    }
    const cursors = this.#cursorsAt(low);
    for (let skip = row - this.#rowsBefore(low); skip > 0; skip -= 1) {
      const cursor = least(cursors);
      if (cursor === undefined) break;
      advance(cursor);
    }
    return cursors;
  }

  #cursorsAt(key: number): Cursor[] {
    return this.#parts.map((part) => {
      const { table } = part.container;
      const block = table.findKey(key);
      const cursor: Cursor = { part, block, place: 0, key: Number.POSITIVE_INFINITY };
      if (block < table.end && part.countOf(block) > 0 && table.firstKey(block) < key)
        cursor.place = part.placeOf(block, key);
      settle(cursor);
      return cursor;
    });
  }

  #rowAt({ part, block, place }: Cursor, maxChars: number): LogRow | undefined {
    const { decoded, lines } = part.shown(block);
    const { container } = part;
    if (decoded.isDamaged) return gapRow(container, block);
    return this.#row(container, block, lines[place] as number, maxChars);
  }

  #row(container: SpoolContainer, block: number, index: number, maxChars: number): LogRow {
    const decoded = this.#reader.decode(container, block);
    if (decoded.isDamaged) return gapRow(container, block);
    const { bytes, offsets, lines } = decoded;
    const at = offsets[index] as number;
    const flags = bytes[at + 14] as number;
    const kind = flags & KIND_MASK;
    const start = at + HEADER_BYTES;
    const end = offsets[index + 1] as number;
    // A character takes at most four bytes: no more of a giant line is looked at than can be shown.
    const isLong = end - start > maxChars * 4;
    let text = bytes.toString('utf8', start, isLong ? start + maxChars * 4 : end);
    let fullLength: number | undefined;
    if (isLong) fullLength = end - start;
    else if (text.length > maxChars) fullLength = text.length;
    if (text.length > maxChars) text = text.slice(0, maxChars);
    const row: LogRow = {
      id: `${container.number}:${container.table.firstLine(block) + index}`,
      worker: container.worker,
      kind: kind === KIND_NOTICE ? 'notice' : kind === KIND_STDERR ? 'stderr' : 'stdout',
      level: LOG_LEVELS[bytes[at + 15] as number] ?? 'none',
      timestamp: nanosecondText(microsAt(bytes, at), nanosAt(bytes, at)),
      text,
    };
    if (fullLength !== undefined) row.fullLength = fullLength;
    if ((flags & TRUNCATED) !== 0) row.truncated = true;
    if ((flags & CONTINUES) !== 0) row.continuation = true;
    else {
      let next = index + 1;
      while (next < lines && ((bytes[(offsets[next] as number) + 14] as number) & CONTINUES) !== 0) next += 1;
      let continued = next - index - 1;
      // The trace may go on in the next block.
      if (next === lines && block + 1 < container.table.end) {
        const following = this.#reader.decode(container, block + 1);
        for (let more = 0; more < following.lines; more += 1) {
          if (((following.bytes[(following.offsets[more] as number) + 14] as number) & CONTINUES) === 0)
            break;
          continued += 1;
        }
      }
      if (continued > 0) row.continued = continued;
    }
    return row;
  }

  #locate(
    container: SpoolContainer,
    line: number,
  ): { block: number; index: number; flags: number } | undefined {
    if (line < container.firstLine || line >= container.endLine) return undefined;
    const block = container.table.findLine(line);
    const decoded = this.#reader.decode(container, block);
    const index = line - container.table.firstLine(block);
    if (decoded.isDamaged) return { block, index: 0, flags: 0 };
    if (index >= decoded.lines) return undefined;
    return { block, index, flags: decoded.bytes[(decoded.offsets[index] as number) + 14] as number };
  }
}

/** Container and line of a row's address; of what is none, those of no row. */
export function parseRowId(id: string): [container: number, line: number] {
  const parts = /^(\d{1,9}):(\d{1,15})$/.exec(id);
  return parts === null ? [-1, -1] : [Number(parts[1]), Number(parts[2])];
}

/** Lines that cannot be shown. */
function gapRow(container: SpoolContainer, block: number): LogRow {
  const { table } = container;
  const lines = table.lines(block);
  return {
    id: `${container.number}:${table.firstLine(block)}`,
    worker: container.worker,
    kind: 'gap',
    level: 'none',
    timestamp: nanosecondText(table.firstKey(block), 0),
    text: `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'} kept on disk are damaged and cannot be shown`,
  };
}

function least(cursors: readonly Cursor[]): Cursor | undefined {
  let found: Cursor | undefined;
  for (const cursor of cursors)
    if (cursor.key !== Number.POSITIVE_INFINITY && (found === undefined || cursor.key < found.key))
      found = cursor;
  return found;
}

function advance(cursor: Cursor): void {
  cursor.place += 1;
  settle(cursor);
}

/** Moves on to the next block with rows where the present one has no more, and reads the key. */
function settle(cursor: Cursor): void {
  const { part } = cursor;
  const { table } = part.container;
  for (; cursor.block < table.end; cursor.block += 1, cursor.place = 0) {
    if (cursor.block < table.first || part.countOf(cursor.block) === 0) continue;
    const { decoded, lines } = part.shown(cursor.block);
    if (cursor.place >= lines.length) continue;
    cursor.key = decoded.isDamaged
      ? table.firstKey(cursor.block)
      : (decoded.keys[lines[cursor.place] as number] as number);
    return;
  }
  cursor.key = Number.POSITIVE_INFINITY;
}
