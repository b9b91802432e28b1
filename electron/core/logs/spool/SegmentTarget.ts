import { closeSync, openSync, writeSync } from 'node:fs';
import { SEGMENT_MAGIC } from './recordFormat.ts';
import { indexPath, segmentPath } from './spoolFiles.ts';

/** Where a segment's bytes go. */
export interface SegmentTarget {
  readonly number: number;
  /** Set for a segment that lives in memory: other threads read it there. */
  readonly memory?: SharedArrayBuffer | undefined;
  /** No more than this fits; infinite on disk. */
  readonly capacity: number;
  /** Puts `bytes[from, to)` at `position`. @throws the file system's error, e.g. ENOSPC; may be called again with the same bytes. */
  write(bytes: Buffer, from: number, to: number, position: number): void;
  /** Puts a full block's entry behind those before it. */
  writeEntry(entry: Float64Array): void;
  /** Lets go of open files; a later write opens them again. */
  rest(): void;
}

export function fileSegment(folder: string, number: number): SegmentTarget {
  let records = -1;
  let index = -1;
  return {
    number,
    capacity: Number.POSITIVE_INFINITY,
    write(bytes, from, to, position) {
      if (records === -1) {
        records = openSync(segmentPath(folder, number), position <= SEGMENT_MAGIC.length ? 'w' : 'r+', 0o600);
        if (position <= SEGMENT_MAGIC.length) writeAll(records, SEGMENT_MAGIC, 0, SEGMENT_MAGIC.length, 0);
      }
      writeAll(records, bytes, from, to, position);
    },
    writeEntry(entry) {
      if (index === -1) index = openSync(indexPath(folder, number), 'a', 0o600);
      const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength);
      writeAll(index, bytes, 0, bytes.length, null);
    },
    rest() {
      if (records !== -1) closeSync(records);
      if (index !== -1) closeSync(index);
      records = -1;
      index = -1;
    },
  };
}

export function memorySegment(number: number, capacity: number): SegmentTarget {
  const memory = new SharedArrayBuffer(capacity);
  const view = new Uint8Array(memory);
  return {
    number,
    memory,
    capacity,
    write: (bytes, from, to, position) => view.set(bytes.subarray(from, to), position),
    writeEntry: () => undefined,
    rest: () => undefined,
  };
}

/** A write may take less than all of it. */
function writeAll(fd: number, bytes: Buffer, from: number, to: number, position: number | null): void {
  let done = from;
  while (done < to)
    done += writeSync(fd, bytes, done, to - done, position === null ? null : position + done - from);
}
