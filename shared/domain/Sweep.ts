import type { ErrorShape } from '../contract/errors.ts';

/** Where a further column of the table comes from: the last line of the log that matches, or a value of a JSON file that the job leaves. */
export type SweepColumn =
  | {
      name: string;
      from: 'log';
      /** A regular expression; its first group counts, or all that it matches. */
      pattern: string;
    }
  | {
      name: string;
      from: 'file';
      /** In the container; relative to its working directory unless it begins with `/`. */
      file: string;
      /** Of the value, e.g. `losses[0].mean`; empty: all of it. */
      path: string;
    };

/** What a sweep is going to do, fixed when it begins, so that it can be resumed and read later. */
export interface SweepPlan {
  id: string;
  appId: string;
  /** Compose project that its containers run under. */
  project: string;
  /** The app's, at that time. */
  title: string;
  name?: string | undefined;
  /** The service whose containers are the jobs. */
  service: string;
  /** In place of the service's own; `{name}` stands for the value of a parameter. */
  command?: string[] | undefined;
  /** Names of the parameters, which are environment variables of the jobs. */
  parameters: string[];
  /** The jobs, in their order: the values of each, one a parameter. */
  rows: string[][];
  /** Jobs that run at once, at most. */
  concurrency: number;
  /** How often a job that fails is tried again. */
  retries: number;
  /** A try that takes longer is broken off; absent: none is. */
  timeoutMs?: number | undefined;
  columns: SweepColumn[];
  /** Epoch milliseconds. */
  createdAt: number;
  /** Digest of all that the containers are made with, images included. */
  settings: string;
}

/** One container of a job, and what became of it. */
export interface SweepAttempt {
  /** The job's place among the rows, from 0. */
  job: number;
  /** From 1, among all tries of the job. */
  number: number;
  outcome: 'ok' | 'failed' | 'timeout';
  /** Why it is not ok. */
  reason?: string | undefined;
  /** Epoch milliseconds: by the engine's clock, or ours where the container did not start. */
  startedAt: number;
  /** From the container's start to its end, by the engine's clock. */
  timeMs?: number | undefined;
  exitCode?: number | undefined;
  /** One a column; null: there is none. */
  values: (string | null)[];
  /** What of the values could not be had, and why. */
  problems: string[];
}

/** A line of a sweep's file: a try that is over, or jobs that are tried anew though they had failed for good. */
export type SweepEntry = { attempt: SweepAttempt } | { again: number[] };

export interface SweepRecord {
  plan: SweepPlan;
  entries: SweepEntry[];
}

export type SweepJobState = 'waiting' | 'running' | 'ok' | 'failed';

/** How it stands with a job. */
export interface SweepJob {
  /** From 0. */
  index: number;
  state: SweepJobState;
  /** Tries that are over. */
  tries: number;
  /** Tries that it still has. */
  left: number;
  /** The last one that is over. */
  last?: SweepAttempt | undefined;
  /** Epoch milliseconds: when the try under way began. */
  runningSince?: number | undefined;
}

/** How many jobs there are of each state. */
export type SweepCounts = Record<SweepJobState, number>;

export interface SweepSummary {
  id: string;
  appId: string;
  title: string;
  name?: string | undefined;
  service: string;
  parameters: string[];
  createdAt: number;
  counts: SweepCounts;
}

/** What is told of an app's sweeps: those there are, and the one that is under way. */
export interface SweepsState {
  /** Newest first, with the one under way. */
  sweeps: SweepSummary[];
  going: SweepProgress | null;
  /** Why the last one ended early; null when it did not, or was cancelled. */
  error: ErrorShape | null;
}

export interface SweepProgress {
  /** `queued`: another sweep or study goes first. `preparing`: images. `engine-lost`: goes on when it is back. */
  phase: 'queued' | 'preparing' | 'running' | 'engine-lost';
  /** Once it has begun. */
  sweepId?: string | undefined;
  counts?: SweepCounts | undefined;
}

/** The whole table of a sweep. */
export interface SweepTable {
  plan: SweepPlan;
  jobs: SweepJob[];
}
