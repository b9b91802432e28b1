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
  /** True where the text was cut at the line limit. */
  truncated?: boolean | undefined;
}

/** What a log view receives besides lines. */
export type LogNotice =
  | { kind: 'joined'; worker: string }
  | { kind: 'ended'; worker: string; reason: 'exited' | 'removed' | 'disconnected' }
  | { kind: 'skipped'; count: number }
  | { kind: 'unavailable'; worker: string; message: string };
