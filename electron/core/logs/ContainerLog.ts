import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '#shared/domain/LogLine.ts';
import type { EngineClient, EngineStream } from '../engine/EngineApi.ts';
import { FrameDemultiplexer } from '../engine/FrameDemultiplexer.ts';

/** Longest line kept, in UTF-16 units; the rest of it is dropped and the line marked. */
export const LONGEST_LINE = 64 * 1024;

export type RawLine = Omit<LogLine, 'sequence' | 'worker'>;

interface Half {
  decoder: StringDecoder;
  text: string;
  timestamp: string;
  truncated: boolean;
}

/**
 * Lines with their timestamps out of the bytes of one container's log (`timestamps=1`). Without a terminal each frame is one message
 * that begins with its RFC 3339 time; messages over 16 KiB come in several frames, each with a time, without a newline between.
 */
export class LogAssembler {
  readonly #onLine: (line: RawLine) => void;
  readonly #frames: FrameDemultiplexer | undefined;
  readonly #halves = { stdout: newHalf(), stderr: newHalf() };
  #prefix = '';
  #inPrefix = false;

  constructor(tty: boolean, onLine: (line: RawLine) => void) {
    this.#onLine = onLine;
    this.#frames = tty
      ? undefined
      : new FrameDemultiplexer((stream, payload, isFrameStart) => {
          const name = stream === 'stderr' ? 'stderr' : 'stdout';
          if (isFrameStart) this.#beginFrame();
          this.#takeFrame(name, payload);
        });
  }

  /** @throws FlotillaError `engine-error` when the bytes are no frames */
  push(chunk: Buffer): void {
    if (this.#frames === undefined) this.#takeTerminal(chunk);
    else this.#frames.push(chunk);
  }

  /** What came without a newline at the end counts as a line. */
  end(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const half = this.#halves[name];
      if (half.text !== '' || half.timestamp !== '') this.#emit(name, half);
    }
  }

  #beginFrame(): void {
    this.#prefix = '';
    this.#inPrefix = true;
  }

  #takeFrame(name: 'stdout' | 'stderr', payload: Buffer): void {
    const half = this.#halves[name];
    let from = 0;
    if (this.#inPrefix) {
      const space = payload.indexOf(0x20);
      this.#prefix += payload.toString('latin1', 0, space === -1 ? payload.length : space);
      if (space === -1) return;
      this.#inPrefix = false;
      from = space + 1;
      if (half.timestamp === '') half.timestamp = nanosecondsOf(this.#prefix) ?? '0';
    }
    this.#append(name, half, half.decoder.write(payload.subarray(from)));
  }

  /** A frame of several lines has one time: the later lines share it. */
  #append(name: 'stdout' | 'stderr', half: Half, text: string): void {
    let from = 0;
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
      this.#grow(half, text.slice(from, newline));
      from = newline + 1;
      const { timestamp } = half;
      this.#emit(name, half);
      if (from < text.length) half.timestamp = timestamp;
    }
    if (from < text.length) this.#grow(half, text.slice(from));
  }

  #takeTerminal(chunk: Buffer): void {
    const half = this.#halves.stdout;
    const text = half.decoder.write(chunk);
    let from = 0;
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
      this.#grow(half, text.slice(from, newline));
      from = newline + 1;
      this.#emitTerminal(half);
    }
    this.#grow(half, text.slice(from));
  }

  #emitTerminal(half: Half): void {
    const space = half.text.indexOf(' ');
    const time = space === -1 ? undefined : nanosecondsOf(half.text.slice(0, space));
    half.timestamp = time ?? '0';
    if (time !== undefined) half.text = half.text.slice(space + 1);
    this.#emit('stdout', half);
  }

  #grow(half: Half, text: string): void {
    const room = LONGEST_LINE - half.text.length;
    if (text.length > room) half.truncated = true;
    if (room > 0) half.text += text.length > room ? text.slice(0, room) : text;
  }

  #emit(stream: 'stdout' | 'stderr', half: Half): void {
    const text = half.text.endsWith('\r') ? half.text.slice(0, -1) : half.text;
    this.#onLine({
      stream,
      timestamp: half.timestamp === '' ? '0' : half.timestamp,
      text,
      ...(half.truncated ? { truncated: true } : {}),
    });
    half.text = '';
    half.timestamp = '';
    half.truncated = false;
  }
}

function newHalf(): Half {
  return { decoder: new StringDecoder('utf8'), text: '', timestamp: '', truncated: false };
}

/** Epoch nanoseconds of an RFC 3339 time with up to nine decimals; undefined when it is none. */
export function nanosecondsOf(text: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(ms)) return undefined;
  return `${ms / 1000}${(match[2] ?? '').padEnd(9, '0')}`;
}

/** `since` as the engine takes it: seconds and nanoseconds. */
export function sinceOf(nanoseconds: string): string {
  return `${nanoseconds.slice(0, -9) || '0'}.${nanoseconds.slice(-9).padStart(9, '0')}`;
}

/** Opens a container's log; the body is paused until read. */
export function openContainerLog(
  client: EngineClient,
  container: { id: string; name: string },
  options: { tail: number | 'all'; since: string | undefined; follow: boolean; signal: AbortSignal },
): Promise<EngineStream> {
  return client.openStream({
    path: `/containers/${container.id}/logs`,
    query: {
      stdout: true,
      stderr: true,
      timestamps: true,
      follow: options.follow,
      tail: options.tail,
      since: options.since === undefined ? undefined : sinceOf(options.since),
    },
    purpose: `logs ${container.name}`,
    signal: options.signal,
  });
}
