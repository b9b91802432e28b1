import type { ServerHttp2Stream } from 'node:http2';

/** Before each gRPC message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;
/** What is asked of this side are names and packets of a few bytes. */
const MOST_MESSAGE_BYTES = 4 * 1024 ** 2;

/** Codes of grpc/status that are answered here. */
export const GRPC_STATUS = { ok: 0, notFound: 5, unimplemented: 12, internal: 13 } as const;

/** A call's refusal, as it is told to the other side. */
export class GrpcRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'GrpcRefusal';
    this.code = code;
  }
}

/** One gRPC call as its server sees it: messages as bytes, in both directions. */
export class GrpcCall {
  readonly #stream: ServerHttp2Stream;
  readonly #metadata: readonly (readonly [key: string, value: string])[];
  #drained: Promise<void> | undefined;

  constructor(stream: ServerHttp2Stream, metadata: readonly (readonly [key: string, value: string])[]) {
    this.#stream = stream;
    this.#metadata = metadata;
  }

  /** All values of a metadata key, in order, as they were sent. */
  metadata(key: string): string[] {
    return this.#metadata.flatMap(([name, value]) => (name === key ? [value] : []));
  }

  get isOver(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  /** The messages of the other side until it has no more. @throws Error for bytes that are no messages */
  async *messages(): AsyncGenerator<Buffer> {
    let rest: Buffer = Buffer.alloc(0);
    // The stream is still written to when the last message has been read.
    for await (const chunk of this.#stream.iterator({ destroyOnReturn: false })) {
      rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
      while (rest.length >= PREFIX_BYTES) {
        const end = PREFIX_BYTES + rest.readUInt32BE(1);
        if (rest[0] !== 0 || end > MOST_MESSAGE_BYTES) throw new Error('A gRPC message cannot be read.');
        if (rest.length < end) break;
        yield rest.subarray(PREFIX_BYTES, end);
        rest = rest.subarray(end);
      }
    }
  }

  /** Sends messages with one write. Resolves when more may be sent. @throws Error when the call was broken off */
  async write(...messages: readonly Buffer[]): Promise<void> {
    if (this.isOver) throw new Error('The transfer was broken off.');
    const framed = messages.flatMap((message) => {
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.writeUInt32BE(message.length, 1);
      return [prefix, message];
    });
    if (!this.#stream.write(Buffer.concat(framed))) await (this.#drained ??= this.#drain());
  }

  #drain(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('close', done);
        this.#drained = undefined;
        resolve();
      };
      this.#stream.once('drain', done).once('close', done);
    });
  }
}
