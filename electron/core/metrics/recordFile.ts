import { crc32 } from 'node:zlib';
import { METRICS } from '#shared/domain/Metrics.ts';
import type { ThinRecord } from '#shared/metrics/Thinner.ts';

/** A record with the worker it is of. */
export interface WorkerRecord extends ThinRecord {
  worker: string;
}

/** What a file of records begins with; another order of METRICS needs another. */
export const FILE_HEAD = Buffer.from('FLOTMET1');

const FRAME_BYTES = 6;
const FIXED_BYTES = 17;

/**
 * Records one after another, each with its length and a checksum before it, so that one that was cut off ends what can be read and harms
 * nothing before it: CRC-32 (4 bytes), length of the rest (2), end of the time (float64, epoch milliseconds), its length (uint32,
 * milliseconds), a bit for each known metric (uint32), length of the worker's name (1) and the name, then least, mean and greatest value
 * (float32 each) of each known metric. Little-endian.
 */
export function encodeRecords(records: readonly WorkerRecord[]): Buffer {
  return Buffer.concat(records.map(encode));
}

function encode({ worker, atMs, spanMs, min, mean, max }: WorkerRecord): Buffer {
  const name = Buffer.from(worker).subarray(0, 255);
  const known = METRICS.map((_, index) => index).filter((index) => !Number.isNaN(mean[index]));
  const bytes = Buffer.alloc(FRAME_BYTES + FIXED_BYTES + name.length + known.length * 12);
  let at = FRAME_BYTES;
  at = bytes.writeDoubleLE(atMs, at);
  at = bytes.writeUInt32LE(Math.min(spanMs, 0xff_ff_ff_ff), at);
  at = bytes.writeUInt32LE(
    known.reduce((mask, index) => mask | (1 << index), 0),
    at,
  );
  at = bytes.writeUInt8(name.length, at);
  at += name.copy(bytes, at);
  for (const index of known)
    for (const value of [min[index], mean[index], max[index]]) at = bytes.writeFloatLE(value as number, at);
  bytes.writeUInt16LE(bytes.length - FRAME_BYTES, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

/**
 * Gives every whole record to `visit`.
 * @returns how many bytes can be read; what follows them is damaged
 */
export function decodeRecords(bytes: Buffer, visit: (record: WorkerRecord) => void): number {
  if (!bytes.subarray(0, FILE_HEAD.length).equals(FILE_HEAD)) return 0;
  let at = FILE_HEAD.length;
  while (at + FRAME_BYTES + FIXED_BYTES <= bytes.length) {
    const end = at + FRAME_BYTES + bytes.readUInt16LE(at + 4);
    if (end > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32LE(at)) break;
    visit(decode(bytes, at + FRAME_BYTES));
    at = end;
  }
  return at;
}

function decode(bytes: Buffer, start: number): WorkerRecord {
  const atMs = bytes.readDoubleLE(start);
  const spanMs = bytes.readUInt32LE(start + 8);
  const mask = bytes.readUInt32LE(start + 12);
  const nameEnd = start + FIXED_BYTES + bytes.readUInt8(start + 16);
  const unknown = (): Float32Array => new Float32Array(METRICS.length).fill(Number.NaN);
  const [min, mean, max] = [unknown(), unknown(), unknown()];
  let at = nameEnd;
  for (let index = 0; index < METRICS.length; index += 1) {
    if ((mask & (1 << index)) === 0) continue;
    min[index] = bytes.readFloatLE(at);
    mean[index] = bytes.readFloatLE(at + 4);
    max[index] = bytes.readFloatLE(at + 8);
    at += 12;
  }
  return { worker: bytes.toString('utf8', start + FIXED_BYTES, nameEnd), atMs, spanMs, min, mean, max };
}
