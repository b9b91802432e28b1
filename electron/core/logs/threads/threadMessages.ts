import type { MessagePort } from 'node:worker_threads';
import type { ErrorShape } from '#shared/contract/errors.ts';
import type {
  LogAnchor,
  LogHistogram,
  LogRow,
  LogRows,
  LogViewState,
  LogWorkerCounts,
  LogWorkerState,
} from '#shared/domain/LogView.ts';
import type { LogLine, LogNotice } from '#shared/domain/LogLine.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import type { EnginePlace } from '../follow/openLogConnection.ts';

/** What the threads of the log engine say to one another. Everything here can be cloned; ports are transferred. */

/** A container as far as its log is concerned. */
export interface FollowedContainer {
  id: string;
  name: string;
  worker: string;
  service: string;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  tty: boolean;
  /** Starts heard of: another number means that its log goes on. */
  starts: number;
  /** Epoch milliseconds. */
  startedAt?: number | undefined;
  finishedAt?: number | undefined;
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
}

export interface OpenSpool {
  /** Names this opening: the same app opened again later has another, so that late news of the one never hit the other. */
  app: string;
  folder: string;
  limitBytes: number;
  /** Lines to read of a log that is seen for the first time. */
  backlogLines: number;
  /** False: reads what the engine has now, and ends. */
  follow: boolean;
  sinceMs?: number | undefined;
}

export type ToSpool =
  | { type: 'engine'; place: EnginePlace | null }
  | ({ type: 'open' } & OpenSpool)
  /** All containers of an app. `isComplete`: those that are not among them are gone. */
  | { type: 'containers'; app: string; containers: FollowedContainer[]; isComplete: boolean }
  | { type: 'close'; app: string; remove: boolean }
  | { type: 'views'; port: MessagePort }
  /** Answered once everything that the engine had is read and can be seen by views, or after `limitMs`. */
  | { type: 'settle'; id: number; app: string; limitMs: number }
  | { type: 'stop'; id: number };

export type FromSpool =
  | { type: 'stream'; key: string; isOpen: boolean; purpose: string }
  | { type: 'reply'; id: number }
  | { type: 'fault'; message: string };

/** What an app's spool tells of itself besides its lines. */
export interface SpoolState {
  workers: LogWorkerState[];
  evictedLines: number;
  spoolBytes: number;
  spoolLimitBytes: number;
  linesPerSecond: number;
  warnings: string[];
}

/** Of a spool that nothing was told of yet. */
export const UNTOLD: SpoolState = {
  workers: [],
  evictedLines: 0,
  spoolBytes: 0,
  spoolLimitBytes: 0,
  linesPerSecond: 0,
  warnings: [],
};

export interface SpoolSegmentMemory {
  number: number;
  memory: SharedArrayBuffer;
}

/** From the thread that writes to the one that reads. */
export type SpoolToViews =
  | { type: 'app'; app: string; containers: ContainerIndex[]; state: SpoolState }
  | { type: 'grown'; app: string; container: ContainerIndex }
  | { type: 'evicted'; app: string; container: number; firstBlock: number }
  | { type: 'state'; app: string; state: SpoolState }
  | { type: 'closed'; app: string };

export interface ContainerIndex {
  number: number;
  worker: string;
  service: string;
  folder: string;
  /** Number of the block that `entries` begins with; what came before stands. */
  fromBlock: number;
  entries: Float64Array;
  /** Segments that live in memory, all of them. */
  memory: SpoolSegmentMemory[];
}

export type ViewsToSpool = { type: 'subscribe'; app: string } | { type: 'unsubscribe'; app: string };

export interface OpenView {
  view: string;
  app: string;
  query: LogQuery;
}

export interface OpenCursor {
  cursor: string;
  app: string;
  query: LogQuery;
  /** Last lines of each worker to begin with; all when absent. */
  tail?: number | undefined;
  /** Ends with the lines that are there now. */
  isSnapshot: boolean;
}

export type ToViews =
  | { type: 'spool'; port: MessagePort; pulse: SharedArrayBuffer }
  | ({ type: 'openView' } & OpenView)
  | { type: 'closeView'; view: string }
  | ({ type: 'openCursor' } & OpenCursor)
  | { type: 'closeCursor'; cursor: string }
  | ({ type: 'ask'; id: number } & ViewQuestion)
  | { type: 'ping'; id: number };

export type ViewQuestion =
  | {
      ask: 'rows';
      view: string;
      anchor: LogAnchor;
      before: number;
      count: number;
      maxChars: number;
    }
  | { ask: 'next'; view: string; from: LogAnchor; direction: 'next' | 'previous' }
  | {
      ask: 'histogram';
      view: string;
      buckets: number;
      fromMs?: number | undefined;
      toMs?: number | undefined;
    }
  | { ask: 'workerCounts'; view: string; buckets: number; fromMs: number; toMs: number }
  | { ask: 'row'; view: string; rowId: string }
  | { ask: 'stopScan'; view: string }
  | { ask: 'locate'; view: string; ids: string[] }
  /** The next lines of a cursor, at most `most`; empty when there are none now. */
  | { ask: 'pull'; cursor: string; most: number };

export type ViewAnswer =
  | LogRows
  | { row: LogRow; rowNumber: number }
  | null
  | LogHistogram
  | LogWorkerCounts
  | (number | null)[]
  | { row: LogRow; continued: LogRow[] }
  | Pulled;

export interface Pulled {
  items: ({ kind: 'lines'; lines: LogLine[] } | { kind: 'notice'; notice: LogNotice })[];
  /** Lines there are to come, for progress. */
  remaining: number;
}

export type FromViews =
  | { type: 'answer'; id: number; value: ViewAnswer }
  | { type: 'refused'; id: number; error: ErrorShape }
  | { type: 'state'; view: string; state: LogViewState }
  | { type: 'viewFailed'; view: string; error: ErrorShape }
  /** Something new can be pulled. */
  | { type: 'ready'; cursor: string }
  | { type: 'pong'; id: number }
  | { type: 'fault'; message: string };

/** Numbers in the pulse, shared memory by which a thread that hangs can be understood. This one grows with each piece of work that tests lines: one that does not is stuck. */
export const PULSE_BEATS = 0;
/** Sequence number of the view whose query is being tested; 0: none. */
export const PULSE_VIEW = 1;
export const PULSE_NUMBERS = 2;
