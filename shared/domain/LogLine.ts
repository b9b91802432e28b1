/** Severity of a line, guessed from what it says; `none` where nothing tells. Ascending. */
export const LOG_LEVELS = ['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of a container's output. */
export interface LogLine {
  /** Increases by one per line delivered in this view; gaps mean skipped lines. */
  sequence: number;
  /** `service-index`. */
  worker: string;
  stream: 'stdout' | 'stderr';
  /** Epoch nanoseconds as a decimal string (exceeds 2^53). */
  timestamp: string;
  text: string;
  level: LogLevel;
  /** True where the text was cut at the line limit. */
  truncated?: boolean | undefined;
}

/** What a follower of a log receives besides lines. */
export type LogNotice =
  | { kind: 'joined'; worker: string }
  | { kind: 'ended'; worker: string; reason: 'exited' | 'removed' | 'disconnected' }
  /** Lines that were gone from the spool (or damaged there) before they could be read. */
  | { kind: 'skipped'; count: number; worker?: string | undefined }
  | { kind: 'unavailable'; worker: string; message: string };
