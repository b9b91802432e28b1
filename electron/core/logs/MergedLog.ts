import { toErrorShape } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { LogLine } from '#shared/domain/LogLine.ts';
import type { LogItem } from '../apps/AppsApi.ts';
import type { ContainerRecord, EngineService, EngineStream } from '../engine/EngineApi.ts';
import { LogAssembler, openContainerLog, type RawLine } from './ContainerLog.ts';

/** Lines of one batch; more wait for the next. */
const BATCH_LINES = 2_000;
/** Above this many waiting lines the engine is made to wait; it goes on below the half. */
const MOST_WAITING = 8_000;
/** Lines that come within this time are sorted and sent together. */
const GATHER_MS = 25;
const OPENED_AT_ONCE = 8;

interface Pending extends RawLine {
  worker: string;
}

interface Source {
  container: ContainerRecord;
  worker: string;
  stream: EngineStream | undefined;
  /** Newest line delivered, and how many lines carry exactly its time: what a reopened log repeats. */
  lastTime: string;
  lastCount: number;
  live: boolean;
  /** Starts of the container heard of, and which of them was read to its end. */
  starts: number;
  doneAt: number;
}

export interface MergedLogOptions {
  engine: EngineService;
  containers(): ContainerRecord[];
  /** Lines of each container at the start. */
  tail: number;
  follow: boolean;
  signal: AbortSignal;
}

/**
 * The logs of an app's containers as one stream, sorted by time within what is at hand. It is pulled: while nobody asks, at most
 * {@link MOST_WAITING} lines wait here and the engine holds the rest. New containers join, restarted ones and a restarted engine are
 * taken up where they were left, without a line twice.
 */
export class MergedLog implements AsyncIterable<LogItem[]> {
  readonly #options: MergedLogOptions;
  readonly #sources = new Map<string, Source>();
  readonly #notices: LogItem[] = [];
  #waiting: Pending[] = [];
  #wake: (() => void) | undefined;
  #sequence = 0;
  #isPaused = false;
  #opening = 0;
  #hasBacklog = false;

  constructor(options: MergedLogOptions) {
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogItem[]> {
    const { engine, signal, follow } = this.#options;
    const heard: Disposable[] = [];
    const onAbort = (): void => this.#ring();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (follow) {
        heard.push(
          engine.onSnapshot((change) => {
            if (change.kind === 'image') return;
            const source = change.kind === 'container' ? this.#sources.get(change.id) : undefined;
            if (source !== undefined && change.kind === 'container' && change.action === 'start')
              source.starts += 1;
            this.#takeUp();
          }),
          engine.onState((state) => {
            if (state.phase === 'ready') this.#takeUp();
          }),
        );
      }
      await this.#readBacklog();
      this.#hasBacklog = true;
      if (follow) this.#takeUp();
      for (;;) {
        if (signal.aborted) return;
        if (this.#waiting.length === 0 && this.#notices.length === 0) {
          if (!follow) return;
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
            if (signal.aborted || this.#waiting.length > 0 || this.#notices.length > 0) resolve();
          });
          this.#wake = undefined;
          // What belongs together in time comes together.
          if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
          continue;
        }
        yield this.#take();
        this.#resumeIfLow();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const listener of heard) void listener.dispose();
      for (const source of this.#sources.values()) source.stream?.close();
      this.#sources.clear();
    }
  }

  #take(): LogItem[] {
    const items = this.#notices.splice(0);
    if (this.#waiting.length > 0) {
      this.#waiting.sort(byTime);
      const lines = this.#waiting
        .splice(0, BATCH_LINES)
        .map((line): LogLine => ({ sequence: ++this.#sequence, ...line }));
      items.unshift({ kind: 'lines', lines });
    }
    return items;
  }

  /** The last lines of every container, read to their end and sorted before anything live comes. */
  async #readBacklog(): Promise<void> {
    const { engine, signal, tail } = this.#options;
    const containers = this.#options.containers();
    if (containers.length === 0 || engine.state.phase !== 'ready') return;
    const client = engine.client();
    const queue = [...containers];
    const lane = async (): Promise<void> => {
      for (let container = queue.shift(); container !== undefined; container = queue.shift()) {
        const source = this.#source(container);
        if (container.state === 'exited' || container.state === 'dead') source.doneAt = source.starts;
        if (tail === 0) {
          source.lastTime = `${Date.now()}000000`;
          continue;
        }
        try {
          const stream = await openContainerLog(client, container, {
            tail,
            since: undefined,
            follow: false,
            signal,
          });
          const assembler = new LogAssembler(await this.#isTerminal(container), (line) =>
            this.#accept(source, line),
          );
          try {
            for await (const chunk of stream.body) assembler.push(chunk as Buffer);
            assembler.end();
          } finally {
            stream.close();
          }
        } catch (error) {
          if (signal.aborted) return;
          this.#unavailable(source, error);
        }
      }
    };
    await Promise.all(Array.from({ length: OPENED_AT_ONCE }, lane));
  }

  /** Opens the log of every running container that is not read yet, and says goodbye to those that went. */
  #takeUp(): void {
    const { engine, signal } = this.#options;
    if (!this.#hasBacklog || signal.aborted || engine.state.phase !== 'ready') return;
    const present = new Map(this.#options.containers().map((container) => [container.id, container]));
    for (const [id, source] of this.#sources) {
      if (present.has(id) || !engine.snapshot.fresh) continue;
      source.stream?.close();
      this.#sources.delete(id);
      this.#notice({ kind: 'notice', notice: { kind: 'ended', worker: source.worker, reason: 'removed' } });
    }
    for (const container of present.values()) {
      const known = this.#sources.get(container.id);
      if (known?.live === true) continue;
      if (container.state === 'created' || (known !== undefined && known.doneAt === known.starts)) continue;
      const source = this.#source(container);
      source.container = container;
      source.live = true;
      void this.#follow(source);
    }
  }

  async #follow(source: Source): Promise<void> {
    const { engine, signal, tail } = this.#options;
    const { container } = source;
    while (this.#opening >= OPENED_AT_ONCE) await new Promise((resolve) => setTimeout(resolve, 5));
    this.#opening += 1;
    let skip = 0;
    const resumeFrom = source.lastTime;
    try {
      const client = engine.client();
      if (resumeFrom !== '0') skip = source.lastCount;
      source.stream = await openContainerLog(client, container, {
        tail: resumeFrom === '0' ? tail : 'all',
        since: resumeFrom === '0' ? undefined : resumeFrom,
        follow: true,
        signal,
      });
    } catch (error) {
      source.live = false;
      if (!signal.aborted) this.#unavailable(source, error);
      return;
    } finally {
      this.#opening -= 1;
    }
    const { stream } = source;
    if (signal.aborted || this.#sources.get(container.id) !== source) return stream.close();
    // One that is over only has its last words taken down.
    if (container.state !== 'exited' && container.state !== 'dead')
      this.#notice({ kind: 'notice', notice: { kind: 'joined', worker: source.worker } });
    const isTerminal = await this.#isTerminal(container);
    const assembler = new LogAssembler(isTerminal, (line) => {
      // The engine's `since` includes the moment itself: lines we have of it come again.
      if (line.timestamp === resumeFrom && skip > 0) {
        skip -= 1;
        return;
      }
      if (resumeFrom !== '0' && isOlder(line.timestamp, resumeFrom)) return;
      this.#accept(source, line);
    });
    let ended = false;
    const followed = source.starts;
    const end = (reason: 'exited' | 'disconnected'): void => {
      if (ended) return;
      ended = true;
      source.live = false;
      if (reason === 'exited') source.doneAt = followed;
      stream.close();
      if (signal.aborted || this.#sources.get(container.id) !== source) return;
      this.#notice({ kind: 'notice', notice: { kind: 'ended', worker: source.worker, reason } });
      // It may have been started again before its old log had ended.
      this.#takeUp();
    };
    stream.body.on('data', (chunk: Buffer) => {
      try {
        assembler.push(chunk);
      } catch (error) {
        this.#unavailable(source, error);
        end('disconnected');
      }
    });
    stream.body.once('end', () => {
      assembler.end();
      end(engine.state.phase === 'ready' ? 'exited' : 'disconnected');
    });
    stream.body.once('error', () => end('disconnected'));
    stream.body.once('close', () => end('disconnected'));
    if (this.#isPaused) stream.body.pause();
  }

  #source(container: ContainerRecord): Source {
    let source = this.#sources.get(container.id);
    if (source === undefined) {
      source = {
        container,
        worker: `${container.service}-${container.index}`,
        stream: undefined,
        lastTime: '0',
        lastCount: 0,
        live: false,
        starts: 0,
        doneAt: -1,
      };
      this.#sources.set(container.id, source);
    }
    return source;
  }

  async #isTerminal(container: ContainerRecord): Promise<boolean> {
    if (container.tty !== undefined) return container.tty;
    const answer = await this.#options.engine
      .client()
      .request<{ Config?: { Tty?: boolean } }>({ path: `/containers/${container.id}/json` });
    return answer.Config?.Tty === true;
  }

  #accept(source: Source, line: RawLine): void {
    if (line.timestamp === source.lastTime) source.lastCount += 1;
    else if (isOlder(source.lastTime, line.timestamp)) {
      source.lastTime = line.timestamp;
      source.lastCount = 1;
    }
    this.#waiting.push({ worker: source.worker, ...line });
    if (!this.#isPaused && this.#waiting.length >= MOST_WAITING) {
      this.#isPaused = true;
      for (const other of this.#sources.values()) if (other.live) other.stream?.body.pause();
    }
    this.#ring();
  }

  #resumeIfLow(): void {
    if (!this.#isPaused || this.#waiting.length > MOST_WAITING / 2) return;
    this.#isPaused = false;
    for (const source of this.#sources.values()) if (source.live) source.stream?.body.resume();
  }

  #unavailable(source: Source, error: unknown): void {
    const shape = toErrorShape(error);
    // Gone, going (409), or out of reach: its end is told by other news.
    if (['cancelled', 'not-found', 'conflict', 'engine-unavailable'].includes(shape.code)) return;
    this.#notice({
      kind: 'notice',
      notice: { kind: 'unavailable', worker: source.worker, message: shape.message },
    });
  }

  #notice(item: LogItem): void {
    this.#notices.push(item);
    this.#ring();
  }

  #ring(): void {
    this.#wake?.();
  }
}

/** Decimal strings of equal length compare as text; a shorter one is the smaller number. */
function isOlder(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

function byTime(a: Pending, b: Pending): number {
  if (a.timestamp === b.timestamp) return 0;
  return isOlder(a.timestamp, b.timestamp) ? -1 : 1;
}
