import { guessLevel } from '#shared/logs/guessLevel.ts';
import { TraceState } from '#shared/logs/continuation.ts';
import { LogLineAssembler } from '../bytes/LogLineAssembler.ts';
import { sinceText } from '../bytes/parseTimestamp.ts';
import type { SpooledContainer } from '../spool/AppSpool.ts';
import { CONTINUES, KIND_NOTICE, TRUNCATED } from '../spool/recordFormat.ts';
import { type EnginePlace, openLogConnection } from './openLogConnection.ts';
import { ResumeFilter } from './ResumeFilter.ts';
import type { FollowedContainer } from '../threads/threadMessages.ts';

/** How far back a log that is taken up again is asked for at first; the whole of it only when that does not reach. */
const RESUME_TAIL = 2_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000];
/** A line that continues another comes right behind it. */
const SAME_MOMENT_MS = 500;
const CONTINUES_WITHIN_MICROS = 1_000_000;

export type FollowState = 'waiting' | 'following' | 'ended' | 'lost' | 'kept' | 'unavailable';

export interface FollowerOptions {
  /** Null while the engine is away. */
  engine(): EnginePlace | null;
  entry: SpooledContainer;
  /** Lines to read of a log that is seen for the first time. */
  backlog: number;
  /** False: reads what is there now, and ends. */
  follow: boolean;
  /** Epoch milliseconds: of a log that is seen for the first time only what is younger is read. */
  sinceMs?: number | undefined;
  /** Kept lines at or after a moment, in order; for taking a log up again. */
  keptSince(micros: number, nanos: number): { micros: number; nanos: number }[];
  saveMeta: () => void;
  onChange: () => void;
  /** A log is open at the engine, or is no more. */
  onStream: (open: boolean, purpose: string) => void;
}

/**
 * Keeps one container's log in its spool for as long as the container exists: from where it was left, after restarts of the container, of
 * the engine and of Flotilla, without a line lost or twice.
 */
export class ContainerFollower {
  readonly #options: FollowerOptions;
  #container: FollowedContainer;
  #connection: { close(): void } | undefined;
  #state: FollowState = 'waiting';
  #message: string | undefined;
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;
  /** Which start of the container was read to its end. */
  #doneStart = -1;
  #openedStart = -1;
  #reopenWhole = false;
  #gone = false;
  #disposed = false;
  #isCaughtUp = false;
  /** The log has ended and that is not noted yet. */
  #endDue = false;
  /** When the open log last gave something, or was opened; monotonic milliseconds. */
  #heardAt = 0;
  /** A log that is taken up again begins with a line that is known. */
  #awaitsFirst = false;

  constructor(container: FollowedContainer, options: FollowerOptions) {
    this.#container = container;
    this.#options = options;
  }

  get container(): FollowedContainer {
    return this.#container;
  }

  get state(): FollowState {
    return this.#state;
  }

  get message(): string | undefined {
    return this.#message;
  }

  /** What the engine had when the log was opened is read (for a log that is followed: as far as can be told). */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /**
   * Whether a log that is followed has given what it had at a moment (epoch microseconds): it wrote something later, or is silent for
   * `silenceMs`.
   */
  hasReached(micros: number, silenceMs: number): boolean {
    if (this.#state !== 'following') return false;
    if (this.#options.entry.spool.lastTime.micros >= micros) return true;
    return !this.#awaitsFirst && performance.now() - this.#heardAt > silenceMs;
  }

  /** Takes what the engine says of the container now; null: it is removed. */
  update(container: FollowedContainer | null): void {
    if (this.#disposed) return;
    if (container === null) {
      if (this.#gone) return;
      this.#gone = true;
      this.#isCaughtUp = true;
      clearTimeout(this.#retry);
      // What is on the way still comes: the engine ends the stream by itself.
      if (this.#connection === undefined) this.#kept();
      else this.#retry = setTimeout(() => this.#kept(), 2_000);
      return;
    }
    this.#container = container;
    if (this.#connection === undefined) this.#noteEnd();
    else if (this.#state === 'following') this.#noteStart();
    this.#takeUp();
  }

  /** The engine is back, or is away. */
  engineChanged(): void {
    if (this.#options.engine() === null) {
      if (this.#connection === undefined && this.#state !== 'ended' && this.#state !== 'kept')
        this.#set('lost');
      return;
    }
    this.#attempt = 0;
    this.#takeUp();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    this.#closeConnection();
  }

  #kept(): void {
    clearTimeout(this.#retry);
    this.#closeConnection();
    this.#notice('removed; its lines are kept here', Date.now(), 0);
    this.#set('kept');
  }

  #takeUp(): void {
    const engine = this.#options.engine();
    if (this.#disposed || this.#gone || engine === null || this.#connection !== undefined) return;
    const { state, starts } = this.#container;
    if (state === 'created') return;
    if (this.#doneStart === starts) return;
    clearTimeout(this.#retry);
    this.#open(engine);
  }

  #open(engine: EnginePlace): void {
    const { entry, backlog, follow, sinceMs } = this.#options;
    const { id, name, tty, starts } = this.#container;
    const last = entry.spool.lastTime;
    const isNew = last.micros === 0;
    const whole = this.#reopenWhole;
    this.#reopenWhole = false;
    const query: Record<string, string> = {
      stdout: '1',
      stderr: '1',
      timestamps: '1',
      follow: follow ? '1' : '0',
      tail: isNew ? String(backlog) : whole ? 'all' : String(RESUME_TAIL),
    };
    if (!isNew) query['since'] = sinceText(last.micros, last.nanos);
    else if (sinceMs !== undefined) query['since'] = sinceText(Math.floor(sinceMs * 1000), 0);
    const resume = isNew ? undefined : new ResumeFilter(this.#options.keptSince(last.micros, last.nanos));
    const purpose = `logs ${name}`;
    const trace = [new TraceState(), new TraceState()] as const;
    const before = [0, 0];
    const beforeLevel = [0, 0];
    const { spool } = entry;
    this.#openedStart = starts;
    this.#awaitsFirst = !isNew;
    let checked = resume === undefined || whole;
    const assembler = new LogLineAssembler(tty, (stream, micros, nanos, bytes, start, end, truncated) => {
      if (resume !== undefined) {
        const known = resume.isKnown(micros, nanos);
        if (!checked) {
          checked = true;
          if (!resume.isContiguous) throw RESUME_FELL_SHORT;
        }
        if (known) return;
      }
      const side = stream - 1;
      let level = guessLevel(bytes, start, end);
      const follows =
        (trace[side] as TraceState).next(bytes, start, end) &&
        micros - (before[side] as number) < CONTINUES_WITHIN_MICROS;
      if (follows) level = beforeLevel[side] as number;
      before[side] = micros;
      beforeLevel[side] = level;
      const flags = stream | (follows ? CONTINUES : 0) | (truncated ? TRUNCATED : 0);
      spool.append(flags, level, micros, nanos, bytes, start, end);
    });
    this.#options.onStream(true, purpose);
    const connection = openLogConnection(engine, id, query, {
      onOpen: () => {
        if (connection !== this.#connection) return;
        this.#attempt = 0;
        this.#heardAt = performance.now();
        this.#noteStart();
        this.#set('following');
      },
      onBytes: (bytes, start, end) => {
        this.#heardAt = performance.now();
        this.#awaitsFirst = false;
        assembler.push(bytes, start, end);
      },
      onClose: (outcome) => {
        this.#options.onStream(false, purpose);
        if (connection !== this.#connection) return;
        this.#connection = undefined;
        if (outcome.error === RESUME_FELL_SHORT) {
          this.#reopenWhole = true;
          this.#takeUp();
          return;
        }
        // A line without its end is one only when no more will come; else it is read again.
        if (outcome.complete && outcome.status < 400) assembler.end();
        this.#closed(outcome);
      },
    });
    this.#connection = connection;
  }

  #closed(outcome: { complete: boolean; status: number; error?: Error | undefined; message?: string }): void {
    if (this.#gone) return this.#kept();
    if (outcome.complete && outcome.status < 400) {
      this.#isCaughtUp = true;
      this.#endDue = true;
      const { state } = this.#container;
      const isOver = state === 'exited' || state === 'dead';
      if (isOver || !this.#options.follow) {
        this.#doneStart = this.#openedStart;
        this.#noteEnd();
        this.#set('ended');
        this.#takeUp();
      } else {
        // It may have ended a moment ago, or be started again: the next news tells.
        this.#set('waiting');
        this.#retryLater();
      }
      return;
    }
    if (outcome.status === 404 || outcome.status === 409) {
      this.#isCaughtUp = true;
      this.#set('waiting');
      return this.#retryLater();
    }
    if (outcome.status >= 400) {
      this.#isCaughtUp = true;
      this.#doneStart = this.#openedStart;
      return this.#set('unavailable', explain(outcome.message ?? '', outcome.status));
    }
    const message = outcome.error?.name === 'FlotillaError' ? outcome.error.message : undefined;
    this.#set(message === undefined ? 'lost' : 'unavailable', message);
    if (!this.#options.follow && this.#attempt >= 3) this.#isCaughtUp = true;
    this.#retryLater();
  }

  #retryLater(): void {
    const delay = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 5_000;
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      const { state, starts } = this.#container;
      if (
        (state === 'exited' || state === 'dead') &&
        this.#openedStart === starts &&
        this.#state === 'waiting'
      ) {
        this.#doneStart = starts;
        this.#noteEnd();
        this.#set('ended');
      } else this.#takeUp();
    }, delay);
  }

  #noteStart(): void {
    const { entry, saveMeta } = this.#options;
    const { startedAt } = this.#container;
    if (startedAt === undefined || isSameMoment(entry.meta.noticedStart, startedAt)) return;
    // Started again before its end was heard of.
    if (this.#endDue) this.#notice('exited', entry.spool.lastTime.micros / 1000, 0);
    this.#endDue = false;
    entry.meta.noticedStart = startedAt;
    this.#notice('started', startedAt, 0);
    saveMeta();
  }

  #noteEnd(): void {
    const { entry, saveMeta } = this.#options;
    const { state, finishedAt, exitCode, oomKilled } = this.#container;
    if ((state !== 'exited' && state !== 'dead') || finishedAt === undefined) return;
    if (this.#doneStart !== this.#container.starts || isSameMoment(entry.meta.noticedEnd, finishedAt)) return;
    entry.meta.noticedEnd = finishedAt;
    this.#endDue = false;
    const why = oomKilled === true ? ', out of memory' : '';
    // 130 and 143: it was asked to end, by SIGINT or SIGTERM.
    const failed = exitCode !== undefined && ![0, 130, 143].includes(exitCode);
    this.#notice(
      `exited${exitCode === undefined ? '' : ` with code ${exitCode}`}${why}`,
      finishedAt,
      failed ? 5 : 0,
    );
    saveMeta();
  }

  #notice(text: string, timeMs: number, level: number): void {
    const bytes = Buffer.from(text);
    this.#options.entry.spool.append(
      KIND_NOTICE,
      level,
      Math.floor(timeMs * 1000),
      0,
      bytes,
      0,
      bytes.length,
    );
  }

  #closeConnection(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    connection.close();
    this.#options.onStream(false, `logs ${this.#container.name}`);
  }

  #set(state: FollowState, message?: string): void {
    if (state === this.#state && message === this.#message) return;
    this.#state = state;
    this.#message = message;
    this.#options.onChange();
  }
}

/** An event and an inspection tell of the same start some milliseconds apart. */
function isSameMoment(noticedMs: number | undefined, toldMs: number): boolean {
  return noticedMs !== undefined && Math.abs(noticedMs - toldMs) < SAME_MOMENT_MS;
}

const RESUME_FELL_SHORT = new Error('More lines were written than were asked for.');

function explain(message: string, status: number): string {
  if (/does not support reading|not implemented/i.test(message) || status === 501)
    return 'Its logging driver keeps nothing that can be read (such as “none” or “syslog”): the engine has no log of it. Use json-file or local under “logging:” to see its output.';
  return message === '' ? `The engine refused its log (HTTP ${status}).` : message;
}
