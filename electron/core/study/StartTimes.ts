import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient, EngineStream } from '../engine/EngineApi.ts';
import { NdjsonReader } from '../engine/NdjsonReader.ts';

/** A start that has been answered is among the events soon; beyond that the stream has lost it. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 20;

/** An event of `GET /events` (Docker Engine API 1.41), as far as it is read here. */
interface StartEvent {
  Actor?: { ID?: string };
  timeNano?: number;
}

/**
 * When containers started, by the engine's clock, as its events say. What `State.StartedAt` says is the moment before the program was started on
 * newer engines (Docker 25 and later: a second before it where sixteen start at once on two cores), and after it on older ones; the event comes
 * after it on both, within some hundredths of a second.
 */
export class StartTimes {
  readonly #stream: EngineStream;
  readonly #times = new Map<string, bigint>();

  private constructor(stream: EngineStream) {
    this.#stream = stream;
    const reader = new NdjsonReader((item) => {
      if (item.ok) this.#note(item.value as StartEvent);
    });
    stream.body.on('data', (chunk: Buffer) => reader.push(chunk));
    // Of what was not heard the engine is asked afterwards, and tells of its own end then.
    stream.body.on('error', () => undefined);
  }

  /** Listens from now on. @param label of the containers, `name=value` @throws FlotillaError where the engine does not answer */
  static async listen(client: EngineClient, label: string, signal: AbortSignal): Promise<StartTimes> {
    const filters = JSON.stringify({ type: ['container'], event: ['start'], label: [label] });
    return new StartTimes(
      await client.openStream({
        path: '/events',
        query: { filters },
        purpose: `starts of ${label}`,
        signal,
      }),
    );
  }

  /** In nanoseconds since 1970; of those that started and whose event was lost there is none. */
  async of(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, bigint>> {
    for (let left = PATIENCE_MS; left > 0 && ids.some((id) => !this.#times.has(id)); left -= LOOK_MS) {
      if (this.#stream.body.destroyed || this.#stream.body.readableEnded) break;
      await delay(LOOK_MS, undefined, { signal });
    }
    return this.#times;
  }

  close(): void {
    this.#stream.close();
  }

  #note({ Actor, timeNano }: StartEvent): void {
    const id = Actor?.ID;
    // As a number it is exact to some hundred nanoseconds.
    if (id !== undefined && Number.isInteger(timeNano) && !this.#times.has(id))
      this.#times.set(id, BigInt(timeNano as number));
  }
}
