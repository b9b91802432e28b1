import { FlotillaError } from '#shared/contract/errors.ts';

export type FrameStream = 'stdin' | 'stdout' | 'stderr' | 'system';
const NAMES: readonly FrameStream[] = ['stdin', 'stdout', 'stderr', 'system'];
const HEADER_BYTES = 8;
/** The engine writes at most 16 KiB a frame for logs and 32 KiB for attach; anything near this is no frame. */
const LONGEST_FRAME_BYTES = 64 * 1024 * 1024;

/**
 * Splits the engine's multiplexed log and attach stream (Docker Engine API, "Stream format": `[type, 0, 0, 0, length as
 * big-endian uint32]` and payload) in one pass over each chunk. Payloads are views into the chunk, not copies; a payload that spans
 * chunks is delivered in pieces, so nothing but a partial header is ever kept.
 */
export class FrameDemultiplexer {
  readonly #onPayload: (stream: FrameStream, payload: Buffer, isFrameStart: boolean) => void;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  #remaining = 0;
  #atStart = true;
  #stream: FrameStream = 'stdout';

  /** `isFrameStart`: the payload is the first piece of its frame, i.e. one message of the container begins here. */
  constructor(onPayload: (stream: FrameStream, payload: Buffer, isFrameStart: boolean) => void) {
    this.#onPayload = onPayload;
  }

  /** @throws FlotillaError `engine-error` when the bytes are no frames. */
  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#remaining > 0) {
        const end = Math.min(chunk.length, offset + this.#remaining);
        this.#onPayload(this.#stream, chunk.subarray(offset, end), this.#atStart);
        this.#atStart = false;
        this.#remaining -= end - offset;
        offset = end;
        continue;
      }
      let header = chunk;
      let at = offset;
      if (this.#headerFilled > 0 || chunk.length - offset < HEADER_BYTES) {
        const take = Math.min(HEADER_BYTES - this.#headerFilled, chunk.length - offset);
        chunk.copy(this.#header, this.#headerFilled, offset, offset + take);
        this.#headerFilled += take;
        offset += take;
        if (this.#headerFilled < HEADER_BYTES) return;
        this.#headerFilled = 0;
        header = this.#header;
        at = 0;
      } else {
        offset += HEADER_BYTES;
      }
      this.#begin(header, at);
    }
  }

  /** True when the stream stopped inside a frame. */
  get midFrame(): boolean {
    return this.#remaining > 0 || this.#headerFilled > 0;
  }

  #begin(header: Buffer, at: number): void {
    const type = header[at] ?? 0;
    const name = NAMES[type];
    const length = header.readUInt32BE(at + 4);
    if (name === undefined || header[at + 1] !== 0 || header[at + 2] !== 0 || header[at + 3] !== 0) {
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
    this.#stream = name;
    this.#remaining = length;
    this.#atStart = true;
  }
}
