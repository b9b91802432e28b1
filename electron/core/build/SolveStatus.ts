/** A piece of news of a BuildKit solve, whichever way it came: over the engine's API or from `docker buildx`. */
export interface SolveStatus {
  vertexes: SolveVertex[];
  statuses: SolveTransfer[];
  logs: SolveLog[];
  warnings: SolveWarning[];
}

/** A node of the build's graph. It is told again, whole, whenever it changes. */
export interface SolveVertex {
  digest: string;
  /** Digests of what it stands on. */
  inputs: string[];
  /** E.g. `[build 2/5] RUN make`. */
  name: string;
  cached: boolean;
  /** Epoch milliseconds by the engine's clock. */
  startedAt?: number | undefined;
  completedAt?: number | undefined;
  /** Empty while nothing is wrong. */
  error: string;
}

/** Something under way inside a vertex, e.g. one layer of a pull. */
export interface SolveTransfer {
  vertex: string;
  id: string;
  /** Bytes; a total of 0 is one that is not known. */
  current: number;
  total: number;
  completed: boolean;
}

export interface SolveLog {
  vertex: string;
  /** Cut anywhere, also inside a character. */
  data: Buffer;
}

export interface SolveWarning {
  vertex: string;
  message: string;
  /** 1-based line in the Dockerfile. */
  line?: number | undefined;
}
