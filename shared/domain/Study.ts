import type { ErrorShape } from '../contract/errors.ts';

/** `strong`: the same work for all worker counts. `weak`: the program grows its work with the workers it is told of (`WORKER_COUNT`). */
export type StudyMode = 'strong' | 'weak';

/** What a study measures and how, fixed when it begins, so that it can be resumed and read later. */
export interface StudyPlan {
  id: string;
  appId: string;
  /** Compose project that its containers run under. */
  project: string;
  /** The app's, at that time. */
  title: string;
  /** Given by whoever started it, to be named as a baseline. */
  name?: string | undefined;
  mode: StudyMode;
  /** The service whose replicas are counted. */
  service: string;
  /** Ascending, each once. */
  workers: number[];
  /** Measured runs of each count; one more before them warms up. */
  repetitions: number;
  /** A count whose interval is still wide after those is run again, this often at most; absent: it is left at that. */
  mostRepetitions?: number | undefined;
  /** Each worker has CPUs of its own, as far as there are enough; absent: the kernel decides. */
  pinning?: StudyPinning | undefined;
  /** GPUs that each worker is given; absent: none, or as many as there are. */
  gpusPerWorker?: number | undefined;
  /** Of the order of the runs, and of the intervals. */
  seed: number;
  /** Between two runs. */
  cooldownMs: number;
  /** A run that takes longer is broken off. */
  timeoutMs: number;
  /** The time begins with the first line of a log that holds this; default: with the containers. */
  from?: string | undefined;
  /** The time ends with the last line of a log that holds this; default: with the containers. */
  to?: string | undefined;
  /** The containers' memory is looked at while they run, once a second: because there is a requirement of it. */
  memory: boolean;
  /** Epoch milliseconds. */
  createdAt: number;
  /** What each service's containers were made of; absent in older records. */
  images?: StudyImage[] | undefined;
  /** Digest of all that the containers are made with, images included. */
  settings: string;
  host: StudyHost;
}

export interface StudyImage {
  service: string;
  reference: string;
  /** The engine's id of it: the digest of its configuration, and with it of all that is in it. */
  id: string;
}

export interface StudyPinning {
  /** CPUs that each worker is given. */
  perWorker: number;
  /** The host's, by their numbers, in the order in which they are given away. */
  cpus: number[];
}

export interface StudyHost {
  /** E.g. `Docker 20.10.24`. */
  engine: string;
  operatingSystem: string;
  architecture: string;
  /** As the kernel counts them, siblings of one core each for itself. */
  cpus: number;
  /** Physical ones; absent where nobody can tell from here. */
  cores?: number | undefined;
  /** E.g. `AMD EPYC 7763 64-Core Processor`; absent as above. */
  cpuModel?: string | undefined;
  memoryBytes: number;
  cgroupVersion: string;
  /** E.g. `6.1.0-18-amd64`; absent in older records. */
  kernel?: string | undefined;
  /** What starts containers, e.g. `runc 1.1.5`; absent where the engine does not tell. */
  runtime?: string | undefined;
  /** By which the kernel chooses the CPUs' frequency, e.g. `performance`; absent where there is no choice or nobody can tell. */
  governor?: string | undefined;
}

/** One run of the app at one worker count, whatever became of it. */
export interface StudyRun {
  workers: number;
  /** From 1; 0 is the warm-up, which is kept and does not count. */
  repetition: number;
  /** Epoch milliseconds. */
  startedAt: number;
  outcome: 'ok' | 'failed' | 'timeout';
  /** Why it does not count. */
  reason?: string | undefined;
  /** Time to solution. */
  timeMs?: number | undefined;
  /** Between the start of the first and the last of the containers that are timed. */
  startSpreadMs?: number | undefined;
  /** The workers' own times: the greatest over the mean. */
  imbalance?: number | undefined;
  /** Of the worker that had most. */
  peakMemoryBytes?: number | undefined;
  /** The part of the host's CPUs that others used just before; undefined where it cannot be known. */
  hostLoad?: number | undefined;
}

export interface StudyRecord {
  plan: StudyPlan;
  /** In the order they were made. */
  runs: StudyRun[];
}

/** What is told of an app's studies: those there are, and the one that is under way. */
export interface StudiesState {
  /** Newest first, without the one under way. */
  records: StudyRecord[];
  going: StudyProgress | null;
  /** Why the last one ended early; null when it did not, or was cancelled. */
  error: ErrorShape | null;
}

export interface StudyProgress {
  /** `queued`: another study goes first. `preparing`: images. `engine-lost`: goes on when it is back. */
  phase: 'queued' | 'preparing' | 'running' | 'engine-lost';
  /** Once it has begun. */
  record?: StudyRecord | undefined;
  /** The run under way. */
  run?: { workers: number; repetition: number } | undefined;
  /** Runs that are made, and all. */
  done: number;
  total: number;
}
