import { closeSync, openSync, readSync } from 'node:fs';
import { isPlausible, KIND_MASK, KIND_NOTICE, microsAt, nanosAt, nextRecord } from './recordFormat.ts';
import { segmentPath } from './spoolFiles.ts';

/** The bytes of a block, shorter where the file is; empty when it cannot be read. */
export function readBlockFile(
  folder: string,
  block: { segment: number; offset: number; bytes: number },
): Buffer {
  const bytes = Buffer.allocUnsafe(block.bytes);
  try {
    const fd = openSync(segmentPath(folder, block.segment), 'r');
    try {
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, block.offset));
    } finally {
      closeSync(fd);
    }
  } catch {
    return bytes.subarray(0, 0);
  }
}

/** Times of the records in a block's bytes, up to the first that is none. */
export function* records(bytes: Uint8Array): Generator<{ micros: number; nanos: number; isNotice: boolean }> {
  for (let at = 0; isPlausible(bytes, at, bytes.length); at = nextRecord(bytes, at))
    yield {
      micros: microsAt(bytes, at),
      nanos: nanosAt(bytes, at),
      isNotice: ((bytes[at + 14] as number) & KIND_MASK) === KIND_NOTICE,
    };
}
