import { FlotillaError } from '#shared/contract/errors.ts';

/** The stream type byte of a frame. */
export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
export const SYSTEM = 3;

const HEADER_BYTES = 8;
/** The engine writes at most 16 KiB a frame for logs and 32 KiB for attach; anything near this is no frame. */
const LONGEST_FRAME_BYTES = 64 * 1024 * 1024;

/**
 * A piece of a frame's payload: `chunk[start, end)`, valid until the call returns. `isFrameStart`: the frame, i.e. one message of the
 * container, begins here.
 */
export type OnPayload = (
  stream: number,
  chunk: Buffer,
  start: number,
  end: number,
  isFrameStart: boolean,
) => void;

/**
 * Splits the engine's multiplexed log and attach stream (Docker Engine API, "Stream format": `[type, 0, 0, 0, length as
 * big-endian uint32]` and payload) in one pass over each chunk, without an object or a copy per frame; a payload that spans
 * chunks is delivered in pieces, so nothing but a partial header is ever kept.
 */
export class FrameDemultiplexer {
  readonly #onPayload: OnPayload;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  #remaining = 0;
  #atStart = true;
  #stream = STDOUT;

  constructor(onPayload: OnPayload) {
    this.#onPayload = onPayload;
  }

  /**
   * Takes `chunk[start, end)`, by default all of it.
   * @throws FlotillaError `engine-error` when the bytes are no frames.
   */
  push(chunk: Buffer, start = 0, end = chunk.length): void {
    const onPayload = this.#onPayload;
    let offset = start;
    while (offset < end) {
      if (this.#remaining > 0) {
        const stop = Math.min(end, offset + this.#remaining);
        const isFrameStart = this.#atStart;
        this.#atStart = false;
        this.#remaining -= stop - offset;
        onPayload(this.#stream, chunk, offset, stop, isFrameStart);
        offset = stop;
      } else if (this.#headerFilled === 0 && end - offset >= HEADER_BYTES) {
        this.#begin(chunk, offset);
        offset += HEADER_BYTES;
      } else {
        const take = Math.min(HEADER_BYTES - this.#headerFilled, end - offset);
        chunk.copy(this.#header, this.#headerFilled, offset, offset + take);
        this.#headerFilled += take;
        offset += take;
        if (this.#headerFilled < HEADER_BYTES) return;
        this.#headerFilled = 0;
        this.#begin(this.#header, 0);
      }
    }
  }

  /** True when the stream stopped inside a frame. */
  get midFrame(): boolean {
    return this.#remaining > 0 || this.#headerFilled > 0;
  }

  #begin(header: Buffer, at: number): void {
    const type = header[at] as number;
    const length =
      (header[at + 4] as number) * 0x1000000 +
      (((header[at + 5] as number) << 16) | ((header[at + 6] as number) << 8) | (header[at + 7] as number));
    if (type > SYSTEM || header[at + 1] !== 0 || header[at + 2] !== 0 || header[at + 3] !== 0) {
      throw new FlotillaError(
        'engine-error',
        `The engine's log stream is broken: frame type ${type} does not exist.`,
        {
          hint: 'The container may use a terminal (tty), whose output has no frames.',
        },
      );
    }
    if (length > LONGEST_FRAME_BYTES) {
      throw new FlotillaError(
        'engine-error',
        `The engine's log stream is broken: a frame claims ${length} bytes.`,
      );
    }
    this.#stream = type;
    this.#remaining = length;
    this.#atStart = true;
  }
}
