import { FlotillaError } from '#shared/contract/errors.ts';

const LONGEST_HEAD_BYTES = 64 * 1024;
const LONGEST_CHUNK_LINE = 1024;
const NEWLINE = 0x0a;

export interface HttpBodyListener {
  onHead(status: number, headers: Map<string, string>): void;
  /** `bytes[start, end)` of the body, valid until the call returns. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /** The body is complete. */
  onEnd(): void;
}

type Phase =
  | 'head'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-newline'
  | 'trailers'
  | 'counted'
  | 'until-close'
  | 'over';

/**
 * Reads one HTTP/1.1 answer (RFC 9112: chunked, counted, or until the connection closes) from the bytes of a socket. Engines write a
 * log as one HTTP chunk a line, for each of which Node's own client makes a buffer and an event; here the lines of a whole read go by
 * without either, which is most of what reading a flood costs.
 */
export class HttpBodyReader {
  readonly #listener: HttpBodyListener;
  #phase: Phase = 'head';
  #head: Buffer[] = [];
  #headBytes = 0;
  #remaining = 0;
  #size = 0;
  #sizeDigits = 0;
  #inExtension = false;
  #lineLength = 0;

  constructor(listener: HttpBodyListener) {
    this.#listener = listener;
  }

  /** True once the answer is complete. */
  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** @throws FlotillaError `engine-error` when the bytes are no HTTP */
  push(bytes: Buffer): void {
    let at = 0;
    const end = bytes.length;
    while (at < end) {
      switch (this.#phase) {
        case 'head':
          at = this.#takeHead(bytes, at);
          break;
        case 'chunk-size':
          at = this.#takeSize(bytes, at);
          break;
        case 'chunk-data': {
          const stop = Math.min(end, at + this.#remaining);
          this.#remaining -= stop - at;
          if (this.#remaining === 0) this.#phase = 'chunk-newline';
          this.#listener.onBody(bytes, at, stop);
          at = stop;
          break;
        }
        case 'chunk-newline':
          // CR LF; a lone LF is forgiven.
          if (bytes[at] === NEWLINE) this.#phase = 'chunk-size';
          else if (bytes[at] !== 0x0d) throw broken('a chunk does not end where it should');
          at += 1;
          break;
        case 'trailers':
          if (bytes[at] === NEWLINE) {
            if (this.#lineLength === 0) return this.#finish();
            this.#lineLength = 0;
          } else if (bytes[at] !== 0x0d) this.#lineLength += 1;
          at += 1;
          break;
        case 'counted': {
          const stop = Math.min(end, at + this.#remaining);
          this.#remaining -= stop - at;
          this.#listener.onBody(bytes, at, stop);
          at = stop;
          if (this.#remaining === 0) return this.#finish();
          break;
        }
        case 'until-close':
          this.#listener.onBody(bytes, at, end);
          return;
        default:
          return;
      }
    }
  }

  /** The connection has closed. Answers whether the answer was complete. */
  close(): boolean {
    if (this.#phase === 'until-close') this.#finish();
    return this.#phase === 'over';
  }

  #finish(): void {
    this.#phase = 'over';
    this.#listener.onEnd();
  }

  #takeHead(bytes: Buffer, at: number): number {
    // The blank line may be cut by the reads: what came before is looked at again.
    const seen = this.#headBytes;
    this.#head.push(bytes.subarray(at));
    this.#headBytes += bytes.length - at;
    const head = this.#head.length === 1 ? (this.#head[0] as Buffer) : Buffer.concat(this.#head);
    const blank = head.indexOf('\r\n\r\n', Math.max(0, seen - 3));
    if (blank === -1) {
      if (head.length > LONGEST_HEAD_BYTES) throw broken('its head is too long');
      this.#head = [Buffer.from(head)];
      return bytes.length;
    }
    this.#head = [];
    const [statusLine = '', ...lines] = head.toString('latin1', 0, blank).split('\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1];
    if (status === undefined) throw broken('it does not speak HTTP');
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    const length = headers.get('content-length');
    if (/\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')) this.#phase = 'chunk-size';
    else if (length !== undefined && /^\d+$/.test(length)) {
      this.#phase = 'counted';
      this.#remaining = Number(length);
    } else this.#phase = 'until-close';
    this.#listener.onHead(Number(status), headers);
    if (this.#phase === 'counted' && this.#remaining === 0) this.#finish();
    return at + (blank + 4 - seen);
  }

  #takeSize(bytes: Buffer, from: number): number {
    let at = from;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === NEWLINE) {
        if (this.#sizeDigits === 0) throw broken('a chunk has no length');
        this.#remaining = this.#size;
        this.#phase = this.#size === 0 ? 'trailers' : 'chunk-data';
        this.#size = 0;
        this.#sizeDigits = 0;
        this.#lineLength = 0;
        this.#inExtension = false;
        return at + 1;
      }
      this.#lineLength += 1;
      if (this.#lineLength > LONGEST_CHUNK_LINE) throw broken('the length of a chunk does not end');
      if (byte === 0x0d || this.#inExtension) continue;
      const digit = hexDigit(byte);
      if (digit === -1) {
        if (byte !== 0x3b && byte !== 0x20 && byte !== 0x09)
          throw broken('the length of a chunk is no number');
        this.#inExtension = true;
        continue;
      }
      this.#size = this.#size * 16 + digit;
      this.#sizeDigits += 1;
      if (this.#sizeDigits > 12) throw broken('a chunk claims to be larger than anything');
    }
    return at;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function broken(why: string): FlotillaError {
  return new FlotillaError('engine-error', `The engine's answer is broken: ${why}.`);
}
