import type { LogNotice } from '#shared/domain/LogLine.ts';

const CHUNK_ROWS = 4096;
const STDERR = 1;
const TRUNCATED = 2;
const NOTICE = 4;

/** A row as the log shows it: a container's line or a notice between lines. */
export type LogRow =
  | {
      kind: 'line';
      worker: string;
      stderr: boolean;
      truncated: boolean;
      /** Epoch milliseconds, with fractions. */
      time: number;
      text: string;
    }
  | { kind: 'notice'; worker: string | null; text: string };

interface Chunk {
  workers: Uint32Array;
  flags: Uint8Array;
  times: Float64Array;
  texts: string[];
}

/**
 * The last `capacity` rows of a log, outside React. Rows are addressed by a number that only grows, so that a
 * row keeps its address while older ones fall out. Stored in chunks of columns: 100,000 rows cost four arrays
 * per 4,096 rows instead of 100,000 objects.
 */
export class LogRing {
  readonly capacity: number;
  #chunks: Chunk[] = [];
  /** Address of the first row of `#chunks[0]`. */
  #base = 0;
  #first = 0;
  #end = 0;
  #workerNames: string[] = [''];
  #workerNumbers = new Map<string, number>([['', 0]]);

  constructor(capacity = 100_000) {
    this.capacity = capacity;
  }

  /** Address of the oldest row kept. */
  get first(): number {
    return this.#first;
  }

  /** Address after the newest row. */
  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#end - this.#first;
  }

  appendLine(line: {
    worker: string;
    stderr: boolean;
    truncated: boolean;
    time: number;
    text: string;
  }): void {
    const flags = (line.stderr ? STDERR : 0) | (line.truncated ? TRUNCATED : 0);
    this.#append(line.worker, flags, line.time, line.text);
  }

  appendNotice(worker: string | null, text: string): void {
    this.#append(worker ?? '', NOTICE, 0, text);
  }

  #append(worker: string, flags: number, time: number, text: string): void {
    const offset = (this.#end - this.#base) % CHUNK_ROWS;
    if (offset === 0) {
      this.#chunks.push({
        workers: new Uint32Array(CHUNK_ROWS),
        flags: new Uint8Array(CHUNK_ROWS),
        times: new Float64Array(CHUNK_ROWS),
        texts: [],
      });
    }
    const chunk = this.#chunks[this.#chunks.length - 1];
    if (!chunk) return;
    chunk.workers[offset] = this.#numberOf(worker);
    chunk.flags[offset] = flags;
    chunk.times[offset] = time;
    chunk.texts.push(text);
    this.#end += 1;
    if (this.#end - this.#first > this.capacity) this.#first = this.#end - this.capacity;
    while (this.#first - this.#base >= CHUNK_ROWS) {
      this.#chunks.shift();
      this.#base += CHUNK_ROWS;
    }
  }

  #numberOf(worker: string): number {
    const known = this.#workerNumbers.get(worker);
    if (known !== undefined) return known;
    const number = this.#workerNames.length;
    this.#workerNames.push(worker);
    this.#workerNumbers.set(worker, number);
    return number;
  }

  #locate(row: number): { chunk: Chunk; offset: number } | null {
    if (row < this.#first || row >= this.#end) return null;
    const chunk = this.#chunks[Math.floor((row - this.#base) / CHUNK_ROWS)];
    return chunk ? { chunk, offset: (row - this.#base) % CHUNK_ROWS } : null;
  }

  /** Undefined where the row has fallen out or has not come yet. */
  get(row: number): LogRow | undefined {
    const place = this.#locate(row);
    if (!place) return undefined;
    const { chunk, offset } = place;
    const flags = chunk.flags[offset] ?? 0;
    const worker = this.#workerNames[chunk.workers[offset] ?? 0] ?? '';
    const text = chunk.texts[offset] ?? '';
    if (flags & NOTICE) return { kind: 'notice', worker: worker === '' ? null : worker, text };
    return {
      kind: 'line',
      worker,
      stderr: (flags & STDERR) !== 0,
      truncated: (flags & TRUNCATED) !== 0,
      time: chunk.times[offset] ?? 0,
      text,
    };
  }

  /** Worker key of a row; '' for notices about no worker in particular. */
  workerAt(row: number): string {
    const place = this.#locate(row);
    return place ? (this.#workerNames[place.chunk.workers[place.offset] ?? 0] ?? '') : '';
  }

  textAt(row: number): string {
    const place = this.#locate(row);
    return place ? (place.chunk.texts[place.offset] ?? '') : '';
  }

  /** Forgets all rows; addresses go on from where they were. */
  clear(): void {
    this.#chunks = [];
    this.#first = this.#end;
    this.#base = this.#end;
  }
}

/** What a notice row says. */
export function describeNotice(notice: LogNotice): { worker: string | null; text: string } {
  if (notice.kind === 'joined') return { worker: notice.worker, text: 'joined' };
  if (notice.kind === 'ended') return { worker: notice.worker, text: `ended: ${ENDS[notice.reason]}` };
  if (notice.kind === 'unavailable')
    return { worker: notice.worker, text: `log not available: ${notice.message}` };
  const lines = `${notice.count.toLocaleString('en')} ${notice.count === 1 ? 'line' : 'lines'}`;
  return { worker: null, text: `${lines} skipped: output came faster than it could be read` };
}

const ENDS = { exited: 'exited', removed: 'removed', disconnected: 'connection to the engine was lost' };
