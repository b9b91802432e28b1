import type { Client } from '#shared/contract/Client.ts';
import type { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type {
  LogAnchor,
  LogHistogram,
  LogRow,
  LogRows,
  LogViewState,
  LogWorkerCounts,
} from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';

/** `lost`: opened again by itself. `refused`: not tried again; `error` says why. */
export type ViewStatus = 'closed' | 'opening' | 'open' | 'lost' | 'refused';

/** What a view needs of the window; given by tests. */
export interface ViewClock {
  /** Milliseconds, only ever compared. */
  now(): number;
  isHidden(): boolean;
  setTimer(callback: () => void, delayMs: number): number;
  clearTimer(handle: number): void;
  /** Calls once what was changed by now is on screen. */
  onPainted(callback: () => void): void;
}

export const windowClock: ViewClock = {
  now: () => performance.now(),
  isHidden: () => document.hidden,
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clearTimer: (handle) => window.clearTimeout(handle),
  onPainted: (callback) => void requestAnimationFrame(() => setTimeout(callback, 0)),
};

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const RETRIED = new Set(['disconnected', 'engine-unavailable', 'engine-error']);

/**
 * One view of an app's log on the privileged side: keeps it open (again after a loss, with back-off) and asks it
 * for rows. Holds no rows itself.
 */
export class LogViewClient {
  readonly #client: Client;
  readonly #appId: string;
  readonly clock: ViewClock;
  #query: LogQuery;
  #queryKey: string;
  #stream: { close(): void } | null = null;
  #generation = 0;
  #status: ViewStatus = 'closed';
  #error: FlotillaError | null = null;
  #viewId: string | null = null;
  #epoch = 0;
  #state: LogViewState | null = null;
  #stale = false;
  #listeners = new Set<() => void>();
  #version = 0;
  #retryTimer: number | null = null;
  #attempt = 0;

  constructor(client: Client, options: { appId: string; query: LogQuery; clock?: ViewClock | undefined }) {
    this.#client = client;
    this.#appId = options.appId;
    this.#query = options.query;
    this.#queryKey = JSON.stringify(options.query);
    this.clock = options.clock ?? windowClock;
  }

  get appId(): string {
    return this.#appId;
  }

  get status(): ViewStatus {
    return this.#status;
  }

  get error(): FlotillaError | null {
    return this.#error;
  }

  get query(): LogQuery {
    return this.#query;
  }

  /** Of the view that is open now. */
  get viewId(): string | null {
    return this.#viewId;
  }

  /** Increases each time a view was opened: row numbers of different epochs have nothing to do with each other. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The last state told; of the view before while a new one opens. */
  get state(): LogViewState | null {
    return this.#state;
  }

  /** `state` is of the view before. */
  get stale(): boolean {
    return this.#stale;
  }

  /** Bound, for `useSyncExternalStore`. Listeners hear of every single state. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  open(): void {
    if (this.#stream || this.#retryTimer !== null) return;
    this.#connect();
  }

  /** Turns to other lines; nothing happens when the query is the same. */
  setQuery(query: LogQuery): void {
    const key = JSON.stringify(query);
    if (key === this.#queryKey) return;
    this.#query = query;
    this.#queryKey = key;
    if (this.#status === 'closed') return;
    this.#letGo();
    this.#connect();
  }

  /** Opens again at once. */
  retry(): void {
    this.#letGo();
    this.#attempt = 0;
    this.#connect();
  }

  close(): void {
    this.#letGo();
    this.#attempt = 0;
    this.#error = null;
    this.#setStatus('closed');
  }

  /** Throws `FlotillaError`s, `disconnected` while no view is open. */
  rows(input: { anchor: LogAnchor; before: number; count: number; maxChars?: number }): Promise<LogRows> {
    return this.#ask((viewId) => this.#client.call('logs.rows', { viewId, ...input }));
  }

  next(from: LogAnchor, direction: 'next' | 'previous'): Promise<{ row: LogRow; rowNumber: number } | null> {
    return this.#ask((viewId) => this.#client.call('logs.next', { viewId, from, direction }));
  }

  row(id: string): Promise<{ row: LogRow; continued: LogRow[] }> {
    return this.#ask((viewId) => this.#client.call('logs.row', { viewId, id }));
  }

  histogram(input: { buckets: number; fromMs?: number; toMs?: number }): Promise<LogHistogram> {
    return this.#ask((viewId) => this.#client.call('logs.histogram', { viewId, ...input }));
  }

  workerCounts(input: { buckets: number; fromMs: number; toMs: number }): Promise<LogWorkerCounts> {
    return this.#ask((viewId) => this.#client.call('logs.workerCounts', { viewId, ...input }));
  }

  /** Looks no further through old lines; what was found stays. */
  stopScan(): Promise<null> {
    return this.#ask((viewId) => this.#client.call('logs.stopScan', { viewId }));
  }

  /** Row numbers by ids; null for rows the view does not show. */
  locate(ids: string[]): Promise<(number | null)[]> {
    return this.#ask((viewId) => this.#client.call('logs.locate', { viewId, ids }));
  }

  #ask<Answer>(call: (viewId: string) => Promise<Answer>): Promise<Answer> {
    if (this.#viewId === null) return Promise.reject(new Error('The log is not open.'));
    return call(this.#viewId);
  }

  #connect(): void {
    this.#generation += 1;
    const generation = this.#generation;
    this.#stale = this.#state !== null;
    this.#error = null;
    this.#setStatus('opening');
    this.#stream = this.#client.stream(
      'logView',
      { appId: this.#appId, query: this.#query },
      {
        onBatch: (items) => {
          if (generation === this.#generation) for (const item of items) this.#take(item);
        },
        onEnd: (error) => {
          if (generation === this.#generation) this.#ended(error);
        },
      },
    );
  }

  #take(item: StreamItem<'logView'>): void {
    if (item.kind === 'opened') {
      this.#attempt = 0;
      this.#viewId = item.viewId;
      this.#epoch += 1;
      this.#setStatus('open');
    } else {
      this.#state = item.state;
      this.#stale = false;
      this.#notify();
    }
  }

  #ended(error: FlotillaError | undefined): void {
    this.#stream = null;
    this.#viewId = null;
    this.#error = error ?? null;
    if (error && !RETRIED.has(error.code)) {
      this.#setStatus('refused');
      return;
    }
    const delayMs = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 8000;
    this.#attempt += 1;
    this.#retryTimer = this.clock.setTimer(() => {
      this.#retryTimer = null;
      this.#connect();
    }, delayMs);
    this.#setStatus('lost');
  }

  #letGo(): void {
    this.#generation += 1;
    this.#stream?.close();
    this.#stream = null;
    this.#viewId = null;
    if (this.#retryTimer !== null) this.clock.clearTimer(this.#retryTimer);
    this.#retryTimer = null;
  }

  #setStatus(status: ViewStatus): void {
    this.#status = status;
    this.#notify();
  }

  #notify(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
