import type { Client } from '#shared/contract/Client.ts';
import type { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { cleanTerminalText } from './cleanTerminalText.ts';
import { describeNotice, LogRing } from './LogRing.ts';

/** `waiting`: opened, nothing came yet. `lost`: retried by itself. `refused`: not retried. */
export type FeedStatus = 'closed' | 'waiting' | 'live' | 'ended' | 'lost' | 'refused';

/** What a feed needs of the window; given by tests. */
export interface FeedClock {
  requestFrame(callback: () => void): number;
  cancelFrame(handle: number): void;
  isHidden(): boolean;
  setTimer(callback: () => void, delayMs: number): number;
  clearTimer(handle: number): void;
}

const windowClock: FeedClock = {
  requestFrame: (callback) => requestAnimationFrame(callback),
  cancelFrame: (handle) => cancelAnimationFrame(handle),
  isHidden: () => document.hidden,
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clearTimer: (handle) => window.clearTimeout(handle),
};

/** Rows that may wait for a frame before the producer is made to wait. */
const LAG_ROWS = 4000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const RETRIED = new Set(['disconnected', 'engine-unavailable', 'timeout', 'engine-error']);

/**
 * One app's merged log: fills a ring outside React and tells its listeners at most once per frame, and not at all
 * while the document is hidden. Reopening goes on where it stopped: lines already seen are not taken twice.
 */
export class LogFeed {
  readonly ring: LogRing;
  readonly #client: Client;
  readonly #appId: string;
  readonly #tail: number;
  readonly #clock: FeedClock;
  #stream: { close(): void } | null = null;
  #generation = 0;
  #status: FeedStatus = 'closed';
  #error: FlotillaError | null = null;
  #paused = false;
  #listeners = new Set<() => void>();
  #version = 0;
  #frame: number | null = null;
  #unflushed = 0;
  #waiters: (() => void)[] = [];
  #retryTimer: number | null = null;
  #attempt = 0;
  /** Newest timestamp seen of each worker. */
  #seen = new Map<string, string>();
  #seenBeforeOpen = new Map<string, string>();
  #firstTime: number | null = null;

  constructor(
    client: Client,
    options: { appId: string; tail: number; capacity?: number; clock?: FeedClock },
  ) {
    this.#client = client;
    this.#appId = options.appId;
    this.#tail = options.tail;
    this.#clock = options.clock ?? windowClock;
    this.ring = new LogRing(options.capacity);
  }

  get status(): FeedStatus {
    return this.#status;
  }

  get error(): FlotillaError | null {
    return this.#error;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Epoch milliseconds of the first line ever taken: the zero of relative times. */
  get firstTime(): number | null {
    return this.#firstTime;
  }

  /** Bound, for `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  /** Starts reading, if it is not under way. */
  open(): void {
    if (this.#stream || this.#retryTimer !== null) return;
    this.#connect();
  }

  #connect(): void {
    this.#generation += 1;
    const generation = this.#generation;
    this.#seenBeforeOpen = new Map(this.#seen);
    this.#setStatus('waiting');
    this.#stream = this.#client.stream(
      'logs',
      { appId: this.#appId, tail: this.#tail },
      {
        onBatch: (items) => (generation === this.#generation ? this.#take(items) : undefined),
        onEnd: (error) => {
          if (generation === this.#generation) this.#ended(error);
        },
      },
    );
  }

  /** Stops reading and lets go of the stream; what was read stays. */
  close(): void {
    this.#generation += 1;
    this.#stream?.close();
    this.#stream = null;
    if (this.#retryTimer !== null) this.#clock.clearTimer(this.#retryTimer);
    this.#retryTimer = null;
    this.#attempt = 0;
    this.#release();
    if (this.#frame !== null) this.#clock.cancelFrame(this.#frame);
    this.#frame = null;
    this.#status = 'closed';
    this.#error = null;
  }

  /** Opens again at once after an end or a loss. */
  retry(): void {
    this.close();
    this.#connect();
  }

  /** While paused no credit is granted: the producer waits, and nothing is lost but what it must skip. */
  setPaused(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    if (!paused) this.#release();
    this.#notify();
  }

  clear(): void {
    this.ring.clear();
    this.#notify();
  }

  /** To be called when the document's visibility changes: shows what came meanwhile. */
  visibilityChanged(): void {
    if (this.#clock.isHidden()) {
      // No frame comes while hidden, so nobody may wait for one.
      if (!this.#paused) this.#release();
    } else {
      this.#notify();
    }
  }

  #take(items: StreamItem<'logs'>[]): void | Promise<void> {
    this.#attempt = 0;
    if (this.#status !== 'live') this.#setStatus('live');
    const before = this.ring.end;
    for (const item of items) {
      if (item.kind === 'notice') {
        const { worker, text } = describeNotice(item.notice);
        this.ring.appendNotice(worker, cleanTerminalText(text));
        continue;
      }
      for (const line of item.lines) {
        const seen = this.#seenBeforeOpen.get(line.worker);
        if (seen !== undefined && !isLater(line.timestamp, seen)) continue;
        const newest = this.#seen.get(line.worker);
        if (newest === undefined || isLater(line.timestamp, newest))
          this.#seen.set(line.worker, line.timestamp);
        const time = Number(line.timestamp) / 1e6;
        this.#firstTime ??= time;
        this.ring.appendLine({
          worker: line.worker,
          stderr: line.stream === 'stderr',
          truncated: line.truncated === true,
          time,
          text: cleanTerminalText(line.text),
        });
      }
    }
    this.#unflushed += this.ring.end - before;
    this.#schedule();
    if (this.#paused || (this.#unflushed > LAG_ROWS && !this.#clock.isHidden())) {
      return new Promise((resolve) => this.#waiters.push(resolve));
    }
  }

  #ended(error: FlotillaError | undefined): void {
    this.#stream = null;
    this.#release();
    this.#error = error ?? null;
    if (!error) {
      this.#setStatus('ended');
    } else if (RETRIED.has(error.code)) {
      this.#setStatus('lost');
      const delay = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 8000;
      this.#attempt += 1;
      this.#retryTimer = this.#clock.setTimer(() => {
        this.#retryTimer = null;
        this.#connect();
      }, delay);
    } else {
      this.#setStatus('refused');
    }
  }

  #setStatus(status: FeedStatus): void {
    this.#status = status;
    if (status === 'live') this.#error = null;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== null || this.#clock.isHidden()) return;
    this.#frame = this.#clock.requestFrame(() => {
      this.#frame = null;
      this.#notify();
      if (!this.#paused) this.#release();
    });
  }

  #release(): void {
    this.#unflushed = 0;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #notify(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** Compares nanosecond timestamps written as decimals of any length. */
function isLater(left: string, right: string): boolean {
  return left.length === right.length ? left > right : left.length > right.length;
}
