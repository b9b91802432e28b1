import type { Role } from './Role.ts';
import type { StudyHost } from './Study.ts';

/** `stopped`: ended by a signal, by whoever sent it. `lost`: its containers vanished while nobody looked, and nobody knows how it ended. */
export const RUN_OUTCOMES = ['ok', 'failed', 'stopped', 'lost'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Absent in an entry of the ledger: it is a run of the app itself. */
export const RUN_KINDS = ['study'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/**
 * One run of an app, as lists show it: from the start of its first container until main has ended, or all of it where there is none. Times are
 * epoch milliseconds by the engine's clock.
 */
export interface RunSummary {
  id: string;
  /** `study`: a scaling study, whose id it has; `reason` is its verdict, and what it measured is kept with the studies. */
  kind?: RunKind | undefined;
  appId: string;
  /** Compose project. */
  project: string;
  /** The app's, at that time. */
  title: string;
  /** Real path of the project folder. */
  path: string;
  /** `found`: Flotilla was not there when it began, and tells the files as they were when it came. */
  origin: 'flotilla' | 'found';
  startedAt: number;
  /** Absent: it goes on, or is lost. */
  endedAt?: number | undefined;
  /** Its last container has ended; until then workers that outlive main are followed. */
  closedAt?: number | undefined;
  outcome?: RunOutcome | undefined;
  /** What made the outcome, in words. */
  reason?: string | undefined;
  /** Of main; of the first container that failed where there is no main. */
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
  /** Containers that ran in it; of a study none are told. */
  containers: number;
  /** Of a study: the runs that are made, and all. */
  made?: { done: number; total: number } | undefined;
  /** Digest of the resolved compose file, secrets hidden. */
  composeHash?: string | undefined;
  commit?: string | undefined;
  /** The folder had changes that are in no commit. */
  dirty?: boolean | undefined;
  results?: RunResultTotals | undefined;
  /** Absent: it ended before anybody looked, or was written down by an older Flotilla. */
  usage?: RunUsage | undefined;
  /** The run whose very images and settings this one used. */
  rerunOf?: string | undefined;
  name?: string | undefined;
  note?: string | undefined;
  tags?: string[] | undefined;
}

export interface RunResultTotals {
  files: number;
  bytes: number;
  /** Workers whose results are not all there. */
  incomplete: number;
}

/** What the containers of a run were seen to use. Engines forget a container's counters at its end: it is the least there was. */
export interface RunUsage {
  /** CPU time of all of them together. */
  coreSeconds: number;
  /** Of the container that had most, at one of the looks; absent where the engine does not tell. */
  peakMemoryBytes?: number | undefined;
  /** Part of the containers' time that lies before the last look at each, from 0 to 1. */
  seen: number;
}

/** The same of one container. */
export interface RunWorkerUsage {
  coreSeconds: number;
  /** Without files that the kernel could drop at any moment (the working set). */
  peakMemoryBytes?: number | undefined;
  /** When it was looked at last, epoch milliseconds by the engine's clock. */
  readAt: number;
  /** CPU time that it had used before the run began; not in `coreSeconds`. */
  secondsBefore?: number | undefined;
}

/** What of a run a person may change. */
export type RunAnnotation = Partial<Pick<RunSummary, 'name' | 'note' | 'tags'>>;

export interface RunHost extends StudyHost {
  kernel?: string | undefined;
  rootless: boolean;
  /** Address of the engine. */
  address: string;
}

/** What the `git` program says of the project folder, or why it says nothing. */
export type RunGit =
  | {
      known: true;
      commit: string;
      branch?: string | undefined;
      /** Undefined: the repository asks for programs of its own to tell, which are not run. */
      dirty?: boolean | undefined;
      /** Files that differ from the commit or are in none, at most {@link MOST_CHANGED_FILES}. */
      changed: string[];
    }
  | { known: false; reason: string };

export const MOST_CHANGED_FILES = 50;

export interface RunService {
  name: string;
  role: Role;
  /** Reference by which it was asked for. */
  image: string;
  imageId?: string | undefined;
  /** `repository@sha256:…` as registries know it; empty for what was built here. */
  digests?: string[] | undefined;
  replicas: number;
  results?: ResultsDeclared | undefined;
}

/** Container paths to copy at a worker's end, and how much of them at most, by worker. */
export interface ResultsDeclared {
  paths: string[];
  maxBytes: number;
  maxFiles: number;
}

/** A container of a run. */
export interface RunWorker {
  containerId: string;
  /** `service-index`. */
  key: string;
  service: string;
  index: number;
  imageId: string;
  startedAt: number;
  finishedAt?: number | undefined;
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
  /** How often it was started again. */
  restarts?: number | undefined;
  /** Gone, and nobody saw its end. */
  lost?: boolean | undefined;
  placement?: RunPlacement | undefined;
  /** As in the container, image's own included; what sounds secret is hidden. */
  environment?: Record<string, string> | undefined;
  usage?: RunWorkerUsage | undefined;
}

/** Limits of a container; absent ones are none. */
export interface RunPlacement {
  cpuset?: string | undefined;
  /** NUMA nodes that its memory comes from. */
  cpusetMems?: string | undefined;
  /** Ids of the GPUs it was given. */
  gpus?: string[] | undefined;
  cpus?: number | undefined;
  memoryBytes?: number | undefined;
  pidsLimit?: number | undefined;
}

export interface ResultProblem {
  /** Below the worker's folder, or the container path that was declared. */
  path: string;
  reason: string;
  /** Not a fault: links and devices are never copied. */
  skipped: boolean;
}

/** What was copied out of one worker. */
export interface RunResult {
  containerId: string;
  worker: string;
  /** `partial`: something that was declared is missing. */
  state: 'ok' | 'partial' | 'failed';
  /** Name of its folder among the run's results; absent where nothing was copied. */
  folder?: string | undefined;
  files: number;
  bytes: number;
  /** Of the list of its files with their hashes. */
  manifestSha256?: string | undefined;
  skipped: number;
  failed: number;
  /** The first of them; the list of files has all. */
  problems: ResultProblem[];
  tookMs: number;
}

/** All that is kept of a run. */
export interface RunRecord {
  summary: RunSummary;
  host?: RunHost | undefined;
  git?: RunGit | undefined;
  services: RunService[];
  /** In the order they started. */
  workers: RunWorker[];
  results: RunResult[];
  /** Workers whose results are being copied now. */
  collecting: RunCollecting[];
  /** The compose file as it was resolved, secrets hidden; absent for a project without one. */
  compose?: string | undefined;
  /** What was measured of it is kept: see the call `runs.metrics`. */
  hasMetrics: boolean;
  /** Absolute path of what is kept of it on disk. */
  folder: string;
  /** Absolute path of the app's log; this run's lines are those between its times. */
  logs: string;
}

export interface RunCollecting {
  worker: string;
  files: number;
  bytes: number;
}

/** A file or folder of a worker's results. */
export interface ResultEntry {
  name: string;
  kind: 'folder' | 'file';
  /** Of a file. */
  size?: number | undefined;
}

export interface ResultListing {
  entries: ResultEntry[];
  /** How many there are in all. */
  total: number;
}

/** The beginning of a file, fit to be shown. */
export type ResultPreview = { size: number; sha256?: string | undefined } & (
  | { kind: 'text'; text: string; truncated: boolean }
  | { kind: 'table'; rows: string[][]; truncated: boolean }
  /** `url` is a data URL. */
  | { kind: 'image'; url: string }
  | { kind: 'none'; reason: string }
);

export interface RunDifference {
  what: string;
  left?: string | undefined;
  right?: string | undefined;
}

export interface RunComparison {
  left: RunSummary;
  right: RunSummary;
  /** Outcome, times, exit codes: all of them, equal or not. */
  facts: RunDifference[];
  /** Settings, images, host, commit, variables: only what differs. */
  settings: RunDifference[];
  workers: RunDifference[];
}

export interface RunList {
  /** Newest first. */
  runs: RunSummary[];
  /** How many the filter leaves. */
  matching: number;
  /** How many there are of the app, or in all. */
  total: number;
}

export interface RunExportProgress {
  bytes: number;
  totalBytes: number;
  /** Where it is, once it is whole. */
  done?: string | undefined;
}
