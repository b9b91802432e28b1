import type { Client } from '#shared/contract/Client.ts';
import type { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildView } from '#shared/domain/Build.ts';
import { cleanTerminalText } from '../logs/cleanTerminalText.ts';

const KEPT_LINES = 10_000;
/** Wait before a stream that broke is opened again. */
const REOPEN_MS = 1_000;

/**
 * One build as it goes on: its view and the last 10,000 lines of output by step. Read from the privileged side,
 * which keeps both, so leaving the page and coming back shows the same.
 */
export class BuildFeed {
  readonly buildId: string;
  readonly #client: Client;
  #stream: { close(): void } | null = null;
  #generation = 0;
  #ended = false;
  #view: BuildView | null = null;
  #error: FlotillaError | null = null;
  #output = new Map<number, string[]>();
  #kept = 0;
  #dropped = 0;
  #version = 0;
  #listeners = new Set<() => void>();
  #frame: number | null = null;
  #reopening: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, buildId: string) {
    this.#client = client;
    this.buildId = buildId;
  }

  get view(): BuildView | null {
    return this.#view;
  }

  /** Why the build could not be read. */
  get error(): FlotillaError | null {
    return this.#error;
  }

  /** Lines that are no longer kept. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Lines of a step; 0 is what came before the first. */
  output(step: number): readonly string[] {
    return this.#output.get(step) ?? [];
  }

  /** Bound, for `useSyncExternalStore`: reads the build while anyone listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  };

  readonly version = (): number => this.#version;

  #open(): void {
    if (this.#stream || this.#ended) return;
    this.#generation += 1;
    const generation = this.#generation;
    let isFirst = true;
    this.#stream = this.#client.stream(
      'build',
      { buildId: this.buildId },
      {
        onBatch: (items) => {
          if (generation !== this.#generation) return;
          // What is kept comes again from the beginning; until then the old stays on show.
          if (isFirst) this.#forget();
          isFirst = false;
          for (const item of items) {
            if (item.kind === 'view') this.#view = item.build;
            else this.#take(item.lines, item.dropped);
          }
          this.#schedule();
        },
        onEnd: (error) => {
          if (generation !== this.#generation) return;
          this.#stream = null;
          if (error) this.#error = error;
          else this.#ended = true;
          // Anything else than a lost connection would only come again.
          if (error?.code === 'disconnected') this.#reopening = setTimeout(() => this.#open(), REOPEN_MS);
          this.#schedule();
        },
      },
    );
  }

  #forget(): void {
    this.#output = new Map();
    this.#kept = 0;
    this.#dropped = 0;
    this.#error = null;
  }

  #close(): void {
    clearTimeout(this.#reopening);
    this.#generation += 1;
    this.#stream?.close();
    this.#stream = null;
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #take(lines: { step: number; text: string }[], dropped: number): void {
    this.#dropped += dropped;
    for (const { step, text } of lines) {
      const kept = this.#output.get(step);
      const cleaned = cleanTerminalText(text);
      if (kept) kept.push(cleaned);
      else this.#output.set(step, [cleaned]);
      this.#kept += 1;
    }
    // Whole thousands at a time: shifting single lines off long arrays is slow.
    while (this.#kept > KEPT_LINES + 1000) {
      const oldest = Math.min(...this.#output.keys());
      const kept = this.#output.get(oldest) ?? [];
      const surplus = Math.min(kept.length, this.#kept - KEPT_LINES);
      if (surplus === kept.length) this.#output.delete(oldest);
      else kept.splice(0, surplus);
      this.#kept -= surplus;
      this.#dropped += surplus;
    }
  }

  #schedule(): void {
    if (this.#frame !== null) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}

const FEEDS_KEPT = 20;
const feeds = new Map<string, BuildFeed>();

/** The feed of a build, the same while it is among the last 20 asked for. */
export function buildFeed(client: Client, buildId: string): BuildFeed {
  const known = feeds.get(buildId);
  const feed = known ?? new BuildFeed(client, buildId);
  feeds.delete(buildId);
  feeds.set(buildId, feed);
  for (const oldest of feeds.keys()) {
    if (feeds.size <= FEEDS_KEPT) break;
    feeds.delete(oldest);
  }
  return feed;
}
