import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import { LogCursor } from '../view/LogCursor.ts';
import { LogView } from '../view/LogView.ts';
import { type AppIndex, BlockReader, SpoolContainer } from '../view/SpoolIndex.ts';
import type { Channel } from './SpoolService.ts';
import {
  type FromViews,
  PULSE_BEATS,
  PULSE_VIEW,
  type SpoolToViews,
  type ToViews,
  UNTOLD,
  type ViewAnswer,
  type ViewQuestion,
  type ViewsToSpool,
} from './threadMessages.ts';

/** Looking through old lines makes way for questions after so long. */
const SLICE_MS = 10;
const STATE_MS = 80;

interface OpenedApp {
  index: AppIndex;
  views: Set<OpenedView>;
  cursors: Set<OpenedCursor>;
  /** Views and cursors asked for before the writing thread has answered. */
  waiting: (() => void)[];
  isLoaded: boolean;
}

interface OpenedView {
  id: string;
  serial: number;
  app: OpenedApp;
  view: LogView | undefined;
  timer: NodeJS.Timeout | undefined;
  toldAt: number;
}

interface OpenedCursor {
  id: string;
  serial: number;
  app: OpenedApp;
  cursor: LogCursor | undefined;
  /** The last answer had less than was asked for. */
  isDry: boolean;
}

/** The reading half of the log engine: views, searches, exports. Runs in a thread of its own, which may be ended when it hangs. */
export class ViewService {
  readonly #out: Channel<FromViews>;
  readonly #spool: Channel<ViewsToSpool>;
  readonly #pulse: Int32Array;
  readonly #reader = new BlockReader();
  readonly #apps = new Map<string, OpenedApp>();
  readonly #views = new Map<string, OpenedView>();
  readonly #cursors = new Map<string, OpenedCursor>();
  #scan: NodeJS.Immediate | undefined;

  constructor(out: Channel<FromViews>, spool: Channel<ViewsToSpool>, pulse: SharedArrayBuffer) {
    this.#out = out;
    this.#spool = spool;
    this.#pulse = new Int32Array(pulse);
  }

  receive(message: Exclude<ToViews, { type: 'spool' }>): void {
    switch (message.type) {
      case 'openView': {
        const opened: OpenedView = {
          id: message.view,
          serial: serialOf(message.view),
          app: this.#app(message.app),
          view: undefined,
          timer: undefined,
          toldAt: 0,
        };
        this.#views.set(message.view, opened);
        opened.app.views.add(opened);
        this.#whenLoaded(opened.app, () => {
          if (this.#views.get(message.view) !== opened) return;
          this.#guard(message.view, opened.serial, () => {
            opened.view = new LogView(message.query, opened.app.index, this.#reader);
          });
          this.#tell(opened);
          this.#scheduleScan();
        });
        return;
      }
      case 'closeView':
        return this.#closeView(message.view);
      case 'openCursor': {
        const opened: OpenedCursor = {
          id: message.cursor,
          serial: serialOf(message.cursor),
          app: this.#app(message.app),
          cursor: undefined,
          isDry: true,
        };
        this.#cursors.set(message.cursor, opened);
        opened.app.cursors.add(opened);
        this.#whenLoaded(opened.app, () => {
          if (this.#cursors.get(message.cursor) !== opened) return;
          this.#guard(message.cursor, opened.serial, () => {
            opened.cursor = new LogCursor(message, opened.app.index, this.#reader);
          });
          this.#out.postMessage({ type: 'ready', cursor: opened.id });
        });
        return;
      }
      case 'closeCursor': {
        const opened = this.#cursors.get(message.cursor);
        if (opened === undefined) return;
        this.#cursors.delete(message.cursor);
        opened.app.cursors.delete(opened);
        return this.#letGo(opened.app);
      }
      case 'ask':
        return this.#answer(message.id, message);
      case 'ping':
        this.#out.postMessage({ type: 'pong', id: message.id });
    }
  }

  receiveFromSpool(message: SpoolToViews): void {
    const app = this.#apps.get(message.app);
    if (app === undefined) return;
    switch (message.type) {
      case 'app':
        app.index.state = message.state;
        for (const index of message.containers) {
          const container = new SpoolContainer(index);
          container.take(index);
          app.index.containers.set(container.number, container);
        }
        app.isLoaded = true;
        for (const resume of app.waiting.splice(0)) resume();
        return;
      case 'grown': {
        if (!app.isLoaded) return;
        const index = message.container;
        let container = app.index.containers.get(index.number);
        const keyBefore = container?.lastKey ?? 0;
        if (container === undefined) {
          container = new SpoolContainer(index);
          app.index.containers.set(index.number, container);
        }
        container.take(index);
        for (const opened of app.views) {
          opened.view?.grown(container, keyBefore);
          this.#tell(opened);
        }
        for (const opened of app.cursors) this.#wake(opened);
        return this.#scheduleScan();
      }
      case 'evicted': {
        const container = app.index.containers.get(message.container);
        if (container === undefined) return;
        container.table.dropBefore(message.firstBlock);
        for (const opened of app.views) {
          opened.view?.evicted(container);
          this.#tell(opened);
        }
        return;
      }
      case 'state':
        app.index.state = message.state;
        for (const opened of app.views) this.#tell(opened);
        for (const opened of app.cursors)
          if (message.state.workers.some((worker) => worker.state === 'unavailable')) this.#wake(opened);
        return;
      case 'closed':
        for (const opened of app.views)
          this.#out.postMessage({
            type: 'viewFailed',
            view: opened.id,
            error: { code: 'not-found', message: 'The app’s log was closed.' },
          });
        for (const opened of app.cursors) this.#wake(opened);
    }
  }

  dispose(): void {
    for (const id of [...this.#views.keys()]) this.#closeView(id);
    clearImmediate(this.#scan);
    this.#reader.close();
  }

  #app(name: string): OpenedApp {
    let app = this.#apps.get(name);
    if (app === undefined) {
      app = {
        index: {
          containers: new Map(),
          state: UNTOLD,
        },
        views: new Set(),
        cursors: new Set(),
        waiting: [],
        isLoaded: false,
      };
      this.#apps.set(name, app);
      this.#spool.postMessage({ type: 'subscribe', app: name });
    }
    return app;
  }

  #whenLoaded(app: OpenedApp, action: () => void): void {
    if (app.isLoaded) action();
    else app.waiting.push(action);
  }

  #letGo(app: OpenedApp): void {
    if (app.views.size > 0 || app.cursors.size > 0) return;
    for (const [name, candidate] of this.#apps)
      if (candidate === app) {
        this.#apps.delete(name);
        this.#spool.postMessage({ type: 'unsubscribe', app: name });
      }
    if (this.#apps.size === 0) this.#reader.close();
  }

  #closeView(id: string): void {
    const opened = this.#views.get(id);
    if (opened === undefined) return;
    clearTimeout(opened.timer);
    this.#views.delete(id);
    opened.app.views.delete(opened);
    this.#letGo(opened.app);
  }

  #wake(opened: OpenedCursor): void {
    if (!opened.isDry) return;
    opened.isDry = false;
    this.#out.postMessage({ type: 'ready', cursor: opened.id });
  }

  /** Runs what tests lines with a query, so that one that hangs can be told from without. */
  #guard(id: string, serial: number, action: () => void): void {
    Atomics.store(this.#pulse, PULSE_VIEW, serial);
    try {
      action();
    } catch (error) {
      this.#out.postMessage({ type: 'viewFailed', view: id, error: toErrorShape(error) });
    } finally {
      Atomics.store(this.#pulse, PULSE_VIEW, 0);
      Atomics.add(this.#pulse, PULSE_BEATS, 1);
    }
  }

  /** Tells of a view's state, not more often than {@link STATE_MS}. */
  #tell(opened: OpenedView): void {
    if (opened.timer !== undefined || opened.view === undefined) return;
    const wait = Math.max(0, opened.toldAt + STATE_MS - performance.now());
    const tell = (): void => {
      opened.timer = undefined;
      if (opened.view === undefined) return;
      opened.toldAt = performance.now();
      this.#out.postMessage({ type: 'state', view: opened.id, state: opened.view.takeState() });
    };
    if (wait === 0) tell();
    else opened.timer = setTimeout(tell, wait);
  }

  #scheduleScan(): void {
    this.#scan ??= setImmediate(() => {
      this.#scan = undefined;
      let isScanning = false;
      const scanning = [...this.#views.values()].filter((opened) => opened.view?.isScanning === true);
      for (const opened of scanning) {
        this.#guard(opened.id, opened.serial, () =>
          opened.view?.scan(performance.now() + SLICE_MS / scanning.length),
        );
        this.#tell(opened);
        if (opened.view?.isScanning === true) isScanning = true;
      }
      if (isScanning) this.#scheduleScan();
    });
  }

  #answer(id: number, question: ViewQuestion): void {
    try {
      const owner =
        question.ask === 'pull' ? this.#cursors.get(question.cursor) : this.#views.get(question.view);
      if (owner === undefined)
        throw new FlotillaError('not-found', 'This view of the log is closed.', { hint: 'Open it again.' });
      if ('view' in owner && owner.view === undefined && !owner.app.isLoaded) {
        // Asked in the same breath as it was opened.
        return void owner.app.waiting.push(() => this.#answer(id, question));
      }
      let value: ViewAnswer = null;
      let failure: unknown;
      Atomics.store(this.#pulse, PULSE_VIEW, owner.serial);
      try {
        value = 'cursor' in owner ? this.#pull(owner, question) : this.#look(owner, question);
      } catch (error) {
        failure = error;
      }
      Atomics.store(this.#pulse, PULSE_VIEW, 0);
      Atomics.add(this.#pulse, PULSE_BEATS, 1);
      if (failure !== undefined) throw failure;
      this.#out.postMessage({ type: 'answer', id, value });
    } catch (error) {
      this.#out.postMessage({ type: 'refused', id, error: toErrorShape(error) });
    }
  }

  #pull(owner: OpenedCursor, question: ViewQuestion): ViewAnswer {
    if (question.ask !== 'pull' || owner.cursor === undefined) return { items: [], remaining: 0 };
    const pulled = owner.cursor.pull(question.most);
    owner.isDry = pulled.remaining === 0;
    return pulled;
  }

  #look(owner: OpenedView, question: ViewQuestion): ViewAnswer {
    const { view } = owner;
    if (view === undefined || question.ask === 'pull')
      throw new FlotillaError('not-found', 'This view of the log could not be opened.');
    try {
      switch (question.ask) {
        case 'rows':
          return view.rows.window(question.anchor, question.before, question.count, question.maxChars);
        case 'next': {
          const { row, isExact } = view.rows.rowOf(question.from);
          const isEnd = question.from.kind === 'end';
          const wanted = question.direction === 'next' ? (isExact ? row + 1 : row) : isEnd ? row : row - 1;
          const [found] = wanted < 0 ? [] : view.rows.rows(wanted, 1, 4096);
          return found === undefined ? null : { row: found, rowNumber: wanted };
        }
        case 'histogram':
          return view.histogram(question.buckets, question.fromMs, question.toMs);
        case 'workerCounts':
          return view.workerCounts(question.buckets, question.fromMs, question.toMs);
        case 'stopScan':
          view.stopScan();
          this.#tell(owner);
          return null;
        case 'locate':
          return question.ids.map((id) => {
            const { row, isExact } = view.rows.rowOf({ kind: 'id', id });
            return isExact ? row : null;
          });
        default: {
          const row = view.rows.rowById(question.rowId, 1024 * 1024);
          if (row === undefined)
            throw new FlotillaError('not-found', 'This line is not kept any more.', {
              hint: 'The oldest lines make room for new ones.',
            });
          return { row, continued: view.rows.continuedBy(question.rowId, 64 * 1024) };
        }
      }
    } finally {
      view.rest();
    }
  }
}

/** Views and cursors are numbered: `v12`, `c3`. */
function serialOf(id: string): number {
  return Number(id.replace(/\D/g, ''));
}
