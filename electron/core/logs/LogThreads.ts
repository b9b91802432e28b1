import { MessageChannel, Worker } from 'node:worker_threads';
import { type ErrorShape, FlotillaError } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { LogViewState } from '#shared/domain/LogView.ts';
import {
  type FromSpool,
  type FromViews,
  type OpenCursor,
  type OpenView,
  PULSE_BEATS,
  PULSE_NUMBERS,
  PULSE_VIEW,
  type ToSpool,
  type ToViews,
  type ViewAnswer,
  type ViewQuestion,
} from './threads/threadMessages.ts';

const PING_MS = 1_000;
/** A thread that answers nothing for so long while it tests lines is stuck in an expression. */
const HANG_MS = 3_000;
/** A thread that answers nothing for another reason, such as a disk that hangs, is waited for longer. */
const LONG_HANG_MS = 60_000;

export interface ViewListener {
  onState(state: LogViewState): void;
  onFailed(error: ErrorShape): void;
}

export interface CursorListener {
  onReady(): void;
  onFailed(error: ErrorShape): void;
}

interface Asked {
  resolve(value: ViewAnswer): void;
  reject(error: Error): void;
  question: ViewQuestion;
}

export interface LogThreadsOptions {
  workerFile: string;
  /** A log was opened at the engine, or closed. */
  onStream(key: string, isOpen: boolean, purpose: string): void;
  onFault(message: string): void;
  /** The writing thread ended by itself: what it had open must be opened again. */
  onSpoolLost(): void;
}

/**
 * The two threads of the log engine, started when first needed: one follows containers and writes, one reads. An expression that hangs
 * the reading one costs that view only: the thread is replaced, and the other views go on in the new one.
 */
export class LogThreads implements Disposable {
  readonly #options: LogThreadsOptions;
  #spool: Worker | undefined;
  #views: Worker | undefined;
  #pulse = new SharedArrayBuffer(PULSE_NUMBERS * 4);
  readonly #opened = new Map<string, { request: OpenView; listener: ViewListener }>();
  readonly #cursors = new Map<string, CursorListener>();
  readonly #asked = new Map<number, Asked>();
  readonly #replies = new Map<number, () => void>();
  #nextId = 1;
  #watch: NodeJS.Timeout | undefined;
  #pinged: { id: number; at: number; beats: number } | undefined;
  #disposed = false;

  constructor(options: LogThreadsOptions) {
    this.#options = options;
  }

  get isSpooling(): boolean {
    return this.#spool !== undefined;
  }

  toSpool(message: Exclude<ToSpool, { type: 'views' }>): void {
    this.#startSpool().postMessage(message);
  }

  /** Resolves once what the engine had is read and can be seen by views. */
  settle(app: string, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#replies.set(id, resolve);
      this.toSpool({ type: 'settle', id, app, limitMs });
    });
  }

  openView(app: string, query: OpenView['query'], listener: ViewListener): string {
    const view = `v${this.#nextId++}`;
    const request = { view, app, query };
    this.#opened.set(view, { request, listener });
    this.#toViews({ type: 'openView', ...request });
    return view;
  }

  closeView(view: string): void {
    if (!this.#opened.delete(view)) return;
    this.#views?.postMessage({ type: 'closeView', view } satisfies ToViews);
    this.#rest();
  }

  openCursor(request: Omit<OpenCursor, 'cursor'>, listener: CursorListener): string {
    const cursor = `c${this.#nextId++}`;
    this.#cursors.set(cursor, listener);
    this.#toViews({ type: 'openCursor', cursor, ...request });
    return cursor;
  }

  closeCursor(cursor: string): void {
    if (!this.#cursors.delete(cursor)) return;
    this.#views?.postMessage({ type: 'closeCursor', cursor } satisfies ToViews);
    this.#rest();
  }

  /** @throws FlotillaError `not-found` for a view that is closed, `timeout` for one whose expression hangs */
  ask<Answer extends ViewAnswer>(question: ViewQuestion): Promise<Answer> {
    const isOpen =
      question.ask === 'pull' ? this.#cursors.has(question.cursor) : this.#opened.has(question.view);
    if (!isOpen) return Promise.reject(closedView());
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#asked.set(id, { resolve: resolve as (value: ViewAnswer) => void, reject, question });
      this.#toViews({ type: 'ask', id, ...question });
    });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    clearInterval(this.#watch);
    const spool = this.#spool;
    const views = this.#views;
    if (spool !== undefined) {
      // What is in memory goes to disk before the thread ends.
      await new Promise<void>((resolve) => {
        const id = this.#nextId++;
        this.#replies.set(id, resolve);
        spool.once('exit', () => resolve());
        setTimeout(resolve, 3_000).unref();
        spool.postMessage({ type: 'stop', id } satisfies ToSpool);
      });
    }
    this.#spool = undefined;
    this.#views = undefined;
    await Promise.all([spool?.terminate(), views?.terminate()]);
    for (const asked of this.#asked.values()) asked.reject(closedView());
    this.#asked.clear();
  }

  #startSpool(): Worker {
    if (this.#spool !== undefined) return this.#spool;
    const worker = new Worker(this.#options.workerFile, { workerData: { role: 'spool' }, name: 'log-spool' });
    this.#spool = worker;
    worker.on('message', (message: FromSpool) => {
      if (message.type === 'stream') this.#options.onStream(message.key, message.isOpen, message.purpose);
      else if (message.type === 'reply') {
        this.#replies.get(message.id)?.();
        this.#replies.delete(message.id);
      } else this.#options.onFault(message.message);
    });
    worker.on('error', (error) => this.#options.onFault(error.stack ?? error.message));
    worker.on('exit', () => {
      if (this.#disposed || this.#spool !== worker) return;
      this.#spool = undefined;
      for (const resolve of this.#replies.values()) resolve();
      this.#replies.clear();
      this.#options.onSpoolLost();
      this.#replaceViews();
    });
    if (this.#views !== undefined) this.#connect(worker, this.#views);
    return worker;
  }

  #startViews(): Worker {
    if (this.#views !== undefined) return this.#views;
    const spool = this.#startSpool();
    const worker = new Worker(this.#options.workerFile, { workerData: { role: 'views' }, name: 'log-views' });
    this.#views = worker;
    worker.on('message', (message: FromViews) => this.#receive(message));
    worker.on('error', (error) => this.#options.onFault(error.stack ?? error.message));
    worker.on('exit', () => {
      if (this.#disposed || this.#views !== worker) return;
      this.#replaceViews();
    });
    this.#connect(spool, worker);
    return worker;
  }

  #connect(spool: Worker, views: Worker): void {
    const { port1, port2 } = new MessageChannel();
    this.#pulse = new SharedArrayBuffer(PULSE_NUMBERS * 4);
    spool.postMessage({ type: 'views', port: port1 } satisfies ToSpool, [port1]);
    views.postMessage({ type: 'spool', port: port2, pulse: this.#pulse } satisfies ToViews, [port2]);
  }

  #toViews(message: ToViews): void {
    if (this.#disposed) return;
    this.#startViews().postMessage(message);
    // Watched for as long as anything is open: it rests between a view that is closed and the next.
    this.#watch ??= setInterval(() => this.#ping(), PING_MS);
  }

  #receive(message: FromViews): void {
    switch (message.type) {
      case 'answer':
      case 'refused': {
        const asked = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        if (message.type === 'answer') asked?.resolve(message.value);
        else asked?.reject(FlotillaError.fromShape(message.error));
        return;
      }
      case 'state':
        return this.#opened.get(message.view)?.listener.onState(message.state);
      case 'viewFailed':
        this.#opened.get(message.view)?.listener.onFailed(message.error);
        this.#cursors.get(message.view)?.onFailed(message.error);
        return;
      case 'ready':
        return this.#cursors.get(message.cursor)?.onReady();
      case 'pong':
        if (this.#pinged?.id === message.id) this.#pinged = undefined;
        return;
      default:
        this.#options.onFault(message.message);
    }
  }

  #rest(): void {
    if (this.#opened.size > 0 || this.#cursors.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#pinged = undefined;
  }

  #read(number: number): number {
    return Atomics.load(new Int32Array(this.#pulse), number);
  }

  #ping(): void {
    const views = this.#views;
    if (views === undefined) return;
    if (this.#pinged === undefined) {
      this.#pinged = { id: this.#nextId++, at: performance.now(), beats: this.#read(PULSE_BEATS) };
      views.postMessage({ type: 'ping', id: this.#pinged.id } satisfies ToViews);
      return;
    }
    const beats = this.#read(PULSE_BEATS);
    if (beats !== this.#pinged.beats) {
      // It is slow, on a machine that has other things to do, but it gets on.
      this.#pinged = { ...this.#pinged, at: performance.now(), beats };
      return;
    }
    const silent = performance.now() - this.#pinged.at;
    const serial = this.#read(PULSE_VIEW);
    if (silent < HANG_MS || (serial === 0 && silent < LONG_HANG_MS)) return;
    this.#fail(serial);
    this.#replaceViews();
  }

  /** Ends the view or cursor whose expression hangs. */
  #fail(serial: number): void {
    const error: ErrorShape = {
      code: 'timeout',
      message: 'The expression takes too long on one of the lines.',
      hint: 'Nested repetitions such as (a+)+ can take for ever. Make it simpler, or search for a plain text.',
    };
    for (const [view, { listener }] of this.#opened) {
      if (Number(view.slice(1)) !== serial) continue;
      this.#opened.delete(view);
      listener.onFailed(error);
    }
    for (const [cursor, listener] of this.#cursors) {
      if (Number(cursor.slice(1)) !== serial) continue;
      this.#cursors.delete(cursor);
      listener.onFailed(error);
    }
  }

  /** A new reading thread takes over what the old one had open. */
  #replaceViews(): void {
    const former = this.#views;
    this.#views = undefined;
    this.#pinged = undefined;
    void former?.terminate();
    for (const [cursor, listener] of [...this.#cursors]) {
      this.#cursors.delete(cursor);
      listener.onFailed({
        code: 'disconnected',
        message: 'Reading the log was interrupted.',
        hint: 'Open it again.',
      });
    }
    const waiting = [...this.#asked];
    this.#asked.clear();
    for (const { request } of this.#opened.values()) this.#toViews({ type: 'openView', ...request });
    for (const [id, asked] of waiting) {
      const { question } = asked;
      if (question.ask !== 'pull' && this.#opened.has(question.view)) {
        this.#asked.set(id, asked);
        this.#toViews({ type: 'ask', id, ...question });
      } else asked.reject(closedView());
    }
  }
}

function closedView(): FlotillaError {
  return new FlotillaError('not-found', 'This view of the log is closed.', { hint: 'Open it again.' });
}
