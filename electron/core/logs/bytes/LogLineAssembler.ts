import { FrameDemultiplexer, STDERR } from '../../engine/FrameDemultiplexer.ts';
import { LONGEST_TIMESTAMP, TimestampReader } from './parseTimestamp.ts';

/** Longest line kept, in bytes; the rest of it is dropped and the line marked. */
export const LONGEST_LINE_BYTES = 256 * 1024;
/** The engine cuts messages after so many bytes and puts a time in front of each part. */
const PART_BYTES = 16 * 1024;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Up to here a plain loop finds the end of a line sooner than a native call. */
const SHORT_BYTES = 96;

export type LineStream = 1 | 2;

/**
 * One line: `bytes[start, end)` without its newline, valid until the call returns; written at `micros` (epoch microseconds) and `nanos`
 * (0–999) beyond. `truncated`: it was longer than {@link LONGEST_LINE_BYTES}.
 */
export type OnLine = (
  stream: LineStream,
  micros: number,
  nanos: number,
  bytes: Buffer,
  start: number,
  end: number,
  truncated: boolean,
) => void;

/** The beginning of a line whose end has not come. */
class Half {
  bytes = Buffer.allocUnsafe(1024);
  length = 0;
  micros = 0;
  nanos = 0;
  /** Something of the line was seen, be it its time alone. */
  begun = false;
  truncated = false;

  append(from: Buffer, start: number, end: number): void {
    const room = LONGEST_LINE_BYTES - this.length;
    const take = Math.min(room, end - start);
    if (take < end - start) this.truncated = true;
    if (take <= 0) return;
    const needed = this.length + take;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.min(LONGEST_LINE_BYTES, Math.max(needed, this.bytes.length * 2)));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    from.copy(this.bytes, this.length, start, start + take);
    this.length = needed;
  }

  clear(): void {
    this.length = 0;
    this.begun = false;
    this.truncated = false;
    // One giant line must not be paid for by every worker ever after.
    if (this.bytes.length > 64 * 1024) this.bytes = Buffer.allocUnsafe(1024);
  }
}

/**
 * Lines with their times out of the bytes of one container's log (`timestamps=1`). Without a terminal each frame is one message that
 * begins with its time; messages over 16 KiB come in several frames, each with a time, without a newline between. A line that lies whole
 * in a chunk is handed on where it lies. Bytes stay bytes: a character cut anywhere is whole again in its line.
 */
export class LogLineAssembler {
  readonly #onLine: OnLine;
  readonly #frames: FrameDemultiplexer | undefined;
  readonly #halves: readonly [Half, Half, Half] = [new Half(), new Half(), new Half()];
  readonly #time = new TimestampReader();
  /** A time that a chunk's end has cut. */
  readonly #cut = Buffer.alloc(LONGEST_TIMESTAMP);
  #cutLength = 0;
  #inTime = false;

  constructor(tty: boolean, onLine: OnLine) {
    this.#onLine = onLine;
    this.#frames = tty
      ? undefined
      : new FrameDemultiplexer((stream, chunk, start, end, isFrameStart) =>
          this.#takeFrame(stream === STDERR ? 2 : 1, chunk, start, end, isFrameStart),
        );
  }

  /**
   * Takes `chunk[start, end)`.
   * @throws FlotillaError `engine-error` when the bytes are no frames
   */
  push(chunk: Buffer, start = 0, end = chunk.length): void {
    if (this.#frames === undefined) this.#takeTerminal(chunk, start, end);
    else this.#frames.push(chunk, start, end);
  }

  /** The log is over: what came without a newline at the end counts as a line. */
  end(): void {
    for (const stream of [1, 2] as const) {
      const half = this.#halves[stream];
      if (!half.begun) continue;
      if (this.#frames === undefined) this.#emitTerminal(half);
      else this.#emitHalf(stream, half);
    }
  }

  #takeFrame(stream: LineStream, chunk: Buffer, start: number, end: number, isFrameStart: boolean): void {
    const half = this.#halves[stream];
    let from = start;
    if (isFrameStart) {
      this.#inTime = true;
      this.#cutLength = 0;
    }
    if (this.#inTime) {
      from = this.#takeTime(half, chunk, start, end);
      if (from === -1) return;
    }
    while (from < end) {
      const newline = findNewline(chunk, from, end);
      if (newline === -1) {
        half.append(chunk, from, end);
        return;
      }
      if (half.length === 0 && newline - from <= LONGEST_LINE_BYTES) {
        const stop = newline > from && chunk[newline - 1] === RETURN ? newline - 1 : newline;
        half.begun = false;
        this.#onLine(stream, half.micros, half.nanos, chunk, from, stop, false);
      } else {
        half.append(chunk, from, newline);
        this.#emitHalf(stream, half);
      }
      from = newline + 1;
      // A frame of several lines has one time: the later lines share it.
      if (from < end) half.begun = true;
    }
  }

  /** The time at the head of a frame; answers where the text begins, or −1 when more bytes are needed. */
  #takeTime(half: Half, chunk: Buffer, start: number, end: number): number {
    const time = this.#time;
    if (this.#cutLength === 0 && time.read(chunk, start, end)) {
      this.#inTime = false;
      this.#stamp(half, time.micros, time.nanos);
      return time.end;
    }
    const cut = this.#cut;
    const before = this.#cutLength;
    const take = Math.min(cut.length - before, end - start);
    chunk.copy(cut, before, start, start + take);
    this.#cutLength = before + take;
    if (time.read(cut, 0, this.#cutLength)) {
      this.#inTime = false;
      this.#stamp(half, time.micros, time.nanos);
      return start + time.end - before;
    }
    const isHopeless = this.#cutLength === cut.length || cut.subarray(0, this.#cutLength).includes(0x20);
    if (!isHopeless && !cut.subarray(0, this.#cutLength).includes(NEWLINE)) return -1;
    // No time where one was asked for: the text is kept whole, as of now.
    this.#inTime = false;
    this.#stamp(half, Date.now() * 1000, 0);
    half.append(cut, 0, before);
    return start;
  }

  /** The first part's time is the line's. */
  #stamp(half: Half, micros: number, nanos: number): void {
    if (half.begun) return;
    half.begun = true;
    half.micros = micros;
    half.nanos = nanos;
  }

  #emitHalf(stream: LineStream, half: Half): void {
    const { bytes, length, micros, nanos, truncated } = half;
    const stop = length > 0 && bytes[length - 1] === RETURN ? length - 1 : length;
    this.#onLine(stream, micros, nanos, bytes, 0, stop, truncated);
    half.clear();
  }

  #takeTerminal(chunk: Buffer, start: number, end: number): void {
    const half = this.#halves[1];
    let from = start;
    while (from < end) {
      const newline = findNewline(chunk, from, end);
      half.begun = true;
      if (newline === -1) {
        half.append(chunk, from, end);
        return;
      }
      half.append(chunk, from, newline);
      this.#emitTerminal(half);
      from = newline + 1;
    }
  }

  /** A terminal's log has no frames: times stand in the text, at its beginning and after every 16 KiB of a message. */
  #emitTerminal(half: Half): void {
    const time = this.#time;
    let from = 0;
    if (time.read(half.bytes, 0, half.length)) {
      half.micros = time.micros;
      half.nanos = time.nanos;
      from = time.end;
      const { micros, nanos } = half;
      for (let part = from + PART_BYTES; part < half.length; part += PART_BYTES) {
        if (!time.read(half.bytes, part, half.length)) break;
        half.bytes.copy(half.bytes, part, time.end, half.length);
        half.length -= time.end - part;
      }
      half.micros = micros;
      half.nanos = nanos;
    } else {
      half.micros = Date.now() * 1000;
      half.nanos = 0;
    }
    const stop = half.length > from && half.bytes[half.length - 1] === RETURN ? half.length - 1 : half.length;
    this.#onLine(1, half.micros, half.nanos, half.bytes, from, Math.max(from, stop), half.truncated);
    half.clear();
  }
}

function findNewline(bytes: Buffer, from: number, end: number): number {
  const near = Math.min(end, from + SHORT_BYTES);
  for (let at = from; at < near; at += 1) if (bytes[at] === NEWLINE) return at;
  if (near === end) return -1;
  const found = bytes.indexOf(NEWLINE, near);
  return found >= end ? -1 : found;
}
