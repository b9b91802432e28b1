import type { Disposable } from '#shared/domain/Disposable.ts';
import type {
  SweepColumn,
  SweepJob,
  SweepPlan,
  SweepRecord,
  SweepSummary,
  SweepTable,
} from '#shared/domain/Sweep.ts';

export interface SweepOptions {
  /** Names of the parameters, and the values of each job. */
  parameters: readonly string[];
  rows: readonly (readonly string[])[];
  /** Default: the app's only worker service, else its only service. */
  service?: string | undefined;
  /** In place of the service's own; `{name}` stands for a parameter's value. */
  command?: readonly string[] | undefined;
  /** Default: as many as the engine has CPUs. */
  concurrency?: number | undefined;
  /** Default 0. */
  retries?: number | undefined;
  /** Of one try; default: none. */
  timeoutMs?: number | undefined;
  columns?: readonly SweepColumn[] | undefined;
  name?: string | undefined;
}

export type SweepNews =
  /** Another sweep or a study goes first. */
  | { kind: 'queued' }
  /** `jobs` is kept up to date as the sweep goes on. */
  | { kind: 'begins'; plan: SweepPlan; jobs: readonly SweepJob[] }
  /** A job is in another state, or a try of it is over. */
  | { kind: 'job'; job: SweepJob }
  /** The engine is gone; the sweep goes on when it is back. */
  | { kind: 'engine-lost'; message: string };

export interface SweepRequest {
  signal: AbortSignal;
  onNews: (news: SweepNews) => void;
}

export interface SweepService extends Disposable {
  /**
   * Runs a job for each row; one sweep at a time, others wait. What became of a job is safe on the disk before its container is removed.
   * @throws FlotillaError `invalid-input`, `not-found`, `consent-required`, `project-invalid`; `cancelled` and `engine-unavailable`: what is done stays and
   * the sweep can be resumed
   */
  run(appId: string, options: SweepOptions, request: SweepRequest): Promise<SweepTable>;
  /**
   * Goes on with jobs that are not done; containers that its process has left are taken over. With `retryFailed` also those are tried anew that had failed
   * for good.
   * @throws FlotillaError `not-found`; `conflict` when nothing is left to do, the app has changed since, or another Flotilla is at it
   */
  resume(
    sweepId: string,
    options: { retryFailed?: boolean | undefined },
    request: SweepRequest,
  ): Promise<SweepTable>;
  /** The app's sweeps, newest first. */
  list(appId: string): Promise<SweepSummary[]>;
  /**
   * The sweep of that id, of whichever app; the first characters do where they are of one only.
   * @throws FlotillaError `not-found`, `conflict` where several begin so
   */
  find(sweepId: string): Promise<SweepRecord>;
  /**
   * The last lines that a job wrote, without colours: of its container while it runs, else of its last try.
   * @param job from 0
   * @throws FlotillaError `not-found`
   */
  log(sweepId: string, job: number): Promise<string[]>;
  /** Forgets a sweep and what it has left. @throws FlotillaError `not-found`, `conflict` while it goes on */
  remove(sweepId: string): Promise<void>;
}
