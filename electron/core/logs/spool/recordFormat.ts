/**
 * A record of a segment: 16 bytes of header, then the text as the program wrote it.
 *
 *     0  u32  bytes of text        4  f64  epoch microseconds      12  u16  nanoseconds beyond
 *     14 u8   kind and flags       15 u8   level (index of LOG_LEVELS)
 *
 * All little-endian. Records follow one another without a gap; a segment begins with {@link SEGMENT_MAGIC}.
 */
export const HEADER_BYTES = 16;
export const SEGMENT_MAGIC = Buffer.from('FLOTLOG1', 'latin1');

export const KIND_MASK = 0b11;
export const KIND_STDOUT = 1;
export const KIND_STDERR = 2;
export const KIND_NOTICE = 3;
/** The line continues the one before it. */
export const CONTINUES = 0b100;
/** The line was longer than what is kept. */
export const TRUNCATED = 0b1000;

/** Nothing longer is ever written: a longer one is damage. */
export const LONGEST_TEXT_BYTES = 256 * 1024;

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

/** Writes a record's header at `at`. */
export function writeHeader(
  to: Buffer,
  at: number,
  textBytes: number,
  micros: number,
  nanos: number,
  flags: number,
  level: number,
): void {
  to[at] = textBytes & 0xff;
  to[at + 1] = (textBytes >>> 8) & 0xff;
  to[at + 2] = (textBytes >>> 16) & 0xff;
  to[at + 3] = textBytes >>> 24;
  scratch[0] = micros;
  for (let byte = 0; byte < 8; byte += 1) to[at + 4 + byte] = scratchBytes[byte] as number;
  to[at + 12] = nanos & 0xff;
  to[at + 13] = nanos >>> 8;
  to[at + 14] = flags;
  to[at + 15] = level;
}

export function textBytesAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

export function microsAt(bytes: Uint8Array, at: number): number {
  for (let byte = 0; byte < 8; byte += 1) scratchBytes[byte] = bytes[at + 4 + byte] as number;
  return scratch[0] as number;
}

export function nanosAt(bytes: Uint8Array, at: number): number {
  return (bytes[at + 12] as number) | ((bytes[at + 13] as number) << 8);
}

/** Where the record after the one at `at` begins. */
export function nextRecord(bytes: Uint8Array, at: number): number {
  return at + HEADER_BYTES + textBytesAt(bytes, at);
}

/**
 * The key (epoch microseconds) of the record at `at`, given that of its predecessor: its own time, never before its
 * predecessor; a line that continues another has the key of that one.
 */
export function keyAt(bytes: Uint8Array, at: number, previous: number): number {
  if (((bytes[at + 14] as number) & CONTINUES) !== 0) return previous;
  const micros = microsAt(bytes, at);
  return micros > previous ? micros : previous;
}

/** Whether a record may stand here; the text itself can be anything. */
export function isPlausible(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER_BYTES) return false;
  const length = textBytesAt(bytes, at);
  if (length < 0 || length > LONGEST_TEXT_BYTES) return false;
  const flags = bytes[at + 14] as number;
  const micros = microsAt(bytes, at);
  return (
    (flags & KIND_MASK) !== 0 &&
    flags <= (KIND_MASK | CONTINUES | TRUNCATED) &&
    (bytes[at + 15] as number) < 7 &&
    nanosAt(bytes, at) < 1000 &&
    Number.isInteger(micros) &&
    micros >= 0 &&
    micros < 9e15
  );
}
