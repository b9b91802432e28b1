import type { LogLevel } from './LogLine.ts';

/**
 * A row of a log view. `notice`: something Flotilla says of the worker (started, exited). `gap`: lines that cannot be shown, `text` says
 * how many and why.
 */
export interface LogRow {
  /** Stable address in the app's spool, `container:line`; the same row keeps it for ever. */
  id: string;
  worker: string;
  kind: 'stdout' | 'stderr' | 'notice' | 'gap';
  level: LogLevel;
  /** Epoch nanoseconds as a decimal string. */
  timestamp: string;
  /** As the program wrote it, at most `maxChars` of it; may hold any control sequence. */
  text: string;
  /** Length in characters when `text` is cut short of what is kept. */
  fullLength?: number | undefined;
  /** The line was longer than what is kept at all. */
  truncated?: boolean | undefined;
  /** Continues the line before it of the same worker (stack trace). */
  continuation?: boolean | undefined;
  /** Lines after this one that continue it. */
  continued?: number | undefined;
}

/** Where a window of rows begins. */
export type LogAnchor =
  /** The last rows. */
  | { kind: 'end' }
  | { kind: 'row'; row: number }
  /** The row of this address, or the nearest one shown where it is filtered out or gone. */
  | { kind: 'id'; id: string }
  /** The first row at or after a moment, epoch milliseconds. */
  | { kind: 'time'; timeMs: number };

/** Consecutive rows of a view. */
export interface LogRows {
  rows: LogRow[];
  /** Row number of `rows[0]`. */
  firstRow: number;
  /** Row number of the anchor itself; within the rows unless the view is empty. */
  anchorRow: number;
  /** Rows of the view at that moment. */
  total: number;
}

export interface LogWorkerState {
  worker: string;
  service: string;
  /** `following`: its log is open; `ended`: read to its end; `lost`: the engine is gone, taken up again by itself; `kept`: the container is gone, its lines are here. */
  state: 'waiting' | 'following' | 'ended' | 'lost' | 'kept' | 'unavailable';
  lines: number;
  /** Why it is `unavailable`, or what is wrong otherwise. */
  message?: string | undefined;
}

/** What a view tells of itself while it is open; sent whole, several times a second while things change. */
export interface LogViewState {
  /** Rows of the view. Grows with the log and, while scanning, with what is found. */
  total: number;
  /**
   * Rows with a time (epoch µs) at or after this may have changed since the state before, or moved in number; absent: none did. 0: any.
   */
  changedSinceUs?: number | undefined;
  /** Of the lines kept, how much was looked through: 1 when done. Always 1 without terms, levels or fields. */
  scanned: number;
  /** It was told to look no further: `total` is of what was looked through. */
  isStopped?: boolean | undefined;
  /** Lines kept of all workers. */
  lines: number;
  /** Lines that are kept no more, for want of room. */
  evictedLines: number;
  /** Bytes on disk of this app's spool, and how many it may take. */
  spoolBytes: number;
  spoolLimitBytes: number;
  /** Epoch milliseconds of the first and the last row; absent while empty. */
  firstMs?: number | undefined;
  lastMs?: number | undefined;
  /** Lines per second that come in now, of all workers. */
  linesPerSecond: number;
  workers: LogWorkerState[];
  /** What the reader must know: disk full, damaged segments. */
  warnings: string[];
}

/** Lines per bucket of each worker; notices are not counted. */
export interface LogWorkerCounts {
  fromMs: number;
  toMs: number;
  workers: { worker: string; buckets: number[] }[];
}

/** Lines per bucket by level, in the order of LOG_LEVELS; notices are not counted. */
export interface LogHistogram {
  fromMs: number;
  toMs: number;
  buckets: number[][];
}
