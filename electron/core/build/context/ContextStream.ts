import { Readable } from 'node:stream';
import type { SkippedEntry } from '../walkContext.ts';
import type { PackedChunk } from './ContextPacker.ts';
import type { PackReader, SharedPack } from './SharedPack.ts';
import { endOfTar, tarFile } from './tarFile.ts';

/** Chunks given to whom the stream is piped to and not yet taken: the next is there when one is. */
const MOST_WRITTEN = 2;

/** A file that only one reader's tar carries. */
export interface LastFile {
  path: string;
  content: Buffer;
  mode: number;
  modifiedMs: number;
  /** Its bytes count as sent: it is not in the pack, and part of the context. */
  isCounted: boolean;
}

/**
 * One reader's tar: the chunks of a pack, then the files that only it carries. A name that was in the pack too comes
 * again with the content meant; whatever unpacks a tar keeps the last.
 */
export class ContextStream extends Readable implements PackReader {
  #pack: SharedPack;
  readonly #last: () => Promise<readonly LastFile[]>;
  readonly #onSent: ((bytes: number) => void) | undefined;
  readonly #onSkipped: ((skipped: SkippedEntry) => void) | undefined;
  #sink: NodeJS.WritableStream | undefined;
  #written = 0;
  #isAsking = false;

  constructor(options: {
    pack: SharedPack;
    /** Asked when the pack has ended, by when the walk has too. */
    last: () => Promise<readonly LastFile[]>;
    onSent?: ((bytes: number) => void) | undefined;
    onSkipped?: ((skipped: SkippedEntry) => void) | undefined;
  }) {
    super({ highWaterMark: 1 });
    this.#pack = options.pack;
    this.#last = options.last;
    this.#onSent = options.onSent;
    this.#onSkipped = options.onSkipped;
    // Whoever reads learns of a failure; when nobody reads any more it must not end the process.
    this.on('error', () => {});
    this.#pack.join(this);
  }

  /**
   * Node's own does not tell when a chunk has been taken, so its memory could not be used again. `end` is always passed on;
   * a destination that closes ends this stream too.
   */
  override pipe<Sink extends NodeJS.WritableStream>(sink: Sink): Sink {
    this.#sink = sink;
    sink.once('close', () => this.destroy());
    this.#ask();
    return sink;
  }

  override _read(): void {
    this.#ask();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#pack.leave(this);
    done(error);
  }

  accept(chunk: PackedChunk): void {
    this.#isAsking = false;
    for (const skipped of chunk.skipped) this.#onSkipped?.(skipped);
    if (chunk.contentBytes > 0) this.#onSent?.(chunk.contentBytes);
    if (chunk.done) return void this.#finish(chunk.bytes);
    const sink = this.#sink;
    if (chunk.bytes.length === 0) return this.#ask();
    if (sink === undefined) {
      this.push(chunk.bytes);
      return;
    }
    const pack = this.#pack;
    this.#written += 1;
    sink.write(chunk.bytes, (error?: Error | null) => {
      if (error !== undefined && error !== null) return;
      this.#written -= 1;
      pack.release(chunk);
      this.#ask();
    });
    this.#ask();
  }

  fail(error: Error): void {
    this.destroy(error);
  }

  movedTo(pack: SharedPack): void {
    this.#pack = pack;
  }

  #ask(): void {
    if (this.#isAsking || this.destroyed || this.#written >= MOST_WRITTEN) return;
    this.#isAsking = true;
    this.#pack.want(this);
  }

  async #finish(bytes: Buffer): Promise<void> {
    this.#isAsking = true;
    let last: readonly LastFile[];
    try {
      last = await this.#last();
    } catch (error) {
      return this.fail(error instanceof Error ? error : new Error(String(error)));
    }
    if (this.destroyed) return;
    const lastBytes = last.reduce((sum, { content, isCounted }) => sum + (isCounted ? content.length : 0), 0);
    if (lastBytes > 0) this.#onSent?.(lastBytes);
    const end = Buffer.concat([
      bytes,
      ...last.map((file) => tarFile(file.path, file.content, file)),
      endOfTar(),
    ]);
    if (this.#sink !== undefined) {
      this.#sink.end(end);
      // Nothing is left to read here; what was written goes its way.
      this.destroy();
      return;
    }
    this.push(end);
    this.push(null);
  }
}
