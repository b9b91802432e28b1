import { StringDecoder } from 'node:string_decoder';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { StatsReading } from '#shared/metrics/readStats.ts';
import { type Sample, sampleBetween, type TimedReading } from '#shared/metrics/sampleBetween.ts';
import { StatsParser } from '#shared/metrics/StatsParser.ts';
import type { EngineClient, EngineStream } from '../engine/EngineApi.ts';

const NEWLINE = 0x0a;
/** An answer is about 2 KB; with hundreds of devices or networks a few times that. */
const LONGEST_TEXT = 1024 * 1024;

/**
 * Measures one container: by a stream of the engine's, which gives a reading a second (Docker Engine API, `GET /containers/{id}/stats`), or by
 * single looks. Both carry on from the last reading, whichever gave it.
 */
export class ContainerMeter implements Disposable {
  readonly id: string;
  readonly beganMs = performance.now();
  /** Of the next look, by `performance.now()`. */
  nextLookMs = 0;
  readonly #client: EngineClient;
  readonly #name: string;
  readonly #onSample: (sample: Sample) => void;
  readonly #onReading: (reading: StatsReading) => void;
  readonly #onEnd: () => void;
  readonly #parser: StatsParser;
  #before: TimedReading | undefined;
  #following: AbortController | undefined;
  #looking: AbortController | undefined;

  /**
   * @param onEnd the stream has ended by itself: the container has, or the engine is gone
   */
  constructor(
    client: EngineClient,
    { id, name }: { id: string; name: string },
    {
      onSample,
      onReading,
      onEnd,
    }: {
      onSample: (sample: Sample) => void;
      onReading: (reading: StatsReading) => void;
      onEnd: () => void;
    },
  ) {
    this.id = id;
    this.#name = name;
    this.#client = client;
    this.#onSample = onSample;
    this.#onReading = onReading;
    this.#onEnd = onEnd;
    this.#parser = new StatsParser(client.info.memoryBytes);
  }

  get isFollowing(): boolean {
    return this.#following !== undefined;
  }

  /** Nothing was read yet. */
  get isNew(): boolean {
    return this.#before === undefined;
  }

  /** Opens the stream, unless it is open. */
  follow(): void {
    if (this.#following !== undefined) return;
    const abort = new AbortController();
    this.#following = abort;
    void this.#read(abort).finally(() => {
      if (this.#following !== abort) return;
      this.#following = undefined;
      if (!abort.signal.aborted) this.#onEnd();
    });
  }

  unfollow(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  /** One reading now. What does not answer is looked at again the next time. */
  async look(): Promise<void> {
    if (this.#looking !== undefined) return;
    const abort = new AbortController();
    this.#looking = abort;
    let stream: EngineStream | undefined;
    try {
      stream = await this.#client.openStream({
        path: `/containers/${this.id}/stats`,
        // Engines that do not know the second wait for two readings of their own.
        query: { stream: false, 'one-shot': true },
        signal: abort.signal,
        purpose: `look at ${this.#name}`,
      });
      const pieces: Buffer[] = [];
      for await (const piece of stream.body) pieces.push(piece as Buffer);
      if (!abort.signal.aborted) this.#hear(Buffer.concat(pieces).toString('utf8'));
    } catch {
      // Ended, or the engine is gone: its state tells.
    } finally {
      stream?.close();
      if (this.#looking === abort) this.#looking = undefined;
    }
  }

  dispose(): void {
    this.unfollow();
    this.#looking?.abort();
  }

  async #read(abort: AbortController): Promise<void> {
    let stream: EngineStream;
    try {
      stream = await this.#client.openStream({
        path: `/containers/${this.id}/stats`,
        query: { stream: true },
        signal: abort.signal,
        purpose: `stats ${this.#name}`,
      });
    } catch {
      // Ended, or the engine is gone: who wants it tries again.
      return;
    }
    await new Promise<void>((resolve) => {
      const decoder = new StringDecoder('utf8');
      let held = '';
      const end = (): void => {
        stream.close();
        resolve();
      };
      if (abort.signal.aborted) return end();
      abort.signal.addEventListener('abort', end, { once: true });
      stream.body.on('data', (chunk: Buffer) => {
        if (abort.signal.aborted) return;
        // Nearly always a chunk is one whole answer.
        if (held === '' && chunk.indexOf(NEWLINE) === chunk.length - 1)
          return this.#hear(decoder.write(chunk));
        const lines = (held + decoder.write(chunk)).split('\n');
        held = lines.pop() ?? '';
        // What never ends is no stats.
        if (held.length > LONGEST_TEXT) return end();
        for (const line of lines) this.#hear(line);
      });
      stream.body.once('end', end);
      stream.body.once('close', end);
      stream.body.once('error', end);
    });
  }

  #hear(text: string): void {
    const reading = this.#parser.parse(text);
    if (reading === undefined) {
      this.#before = undefined;
      return;
    }
    const now = { reading, heardMs: performance.now() };
    const before = this.#before;
    // The same reading again (a stream begins with the last one) tells nothing.
    if (before !== undefined && before.reading.readMs === reading.readMs) return;
    this.#before = now;
    this.#onReading(reading);
    const sample = before === undefined ? undefined : sampleBetween(before, now);
    if (sample !== undefined) this.#onSample(sample);
  }
}
