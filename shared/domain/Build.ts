import type { ErrorShape } from '../contract/errors.ts';

/**
 * What builds an image: BuildKit through the engine's API session, the `docker buildx` command, or the engine's classic
 * builder (Podman's imitation of it too).
 */
export const BUILDER_KINDS = ['buildkit', 'buildx', 'classic'] as const;
export type BuilderKind = (typeof BUILDER_KINDS)[number];

export interface BuilderChoice {
  kind: BuilderKind;
  /** One sentence: why this one, e.g. "Podman has no BuildKit: its classic builder is used." */
  reason: string;
}

export type BuildState = 'queued' | 'packing' | 'building' | 'succeeded' | 'failed' | 'cancelled';

export interface BuildStep {
  /** 1-based, in the order of the Dockerfile where that is known. */
  number: number;
  total: number;
  /** The instruction as the engine echoes it, e.g. `RUN pip install numpy`. */
  instruction: string;
  /** 1-based line in the Dockerfile, where it could be matched. */
  line?: number | undefined;
  state: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  cached: boolean;
  /** Epoch milliseconds. */
  startedAt?: number | undefined;
  endedAt?: number | undefined;
  /** Stage name or number as the builder tells it, e.g. `build`. */
  stage?: string | undefined;
  /** Numbers of the steps this one stands on; absent from builders that do not tell (then: the one before). */
  inputs?: number[] | undefined;
  /** Transfer under way in this step, e.g. layers of a base image; bytes. */
  transfer?: { doneBytes: number; totalBytes: number } | undefined;
}

export interface BuildFailure {
  message: string;
  file?: string | undefined;
  line?: number | undefined;
  /** Lines around the place, each with its 1-based number. */
  excerpt?: { line: number; text: string }[] | undefined;
  hint?: string | undefined;
}

export interface BuildSummary {
  id: string;
  service: string;
  state: BuildState;
  startedAt: number;
  /** When it left the queue. */
  begunAt?: number | undefined;
  endedAt?: number | undefined;
  /** Steps that are over, of how many, as far as they are known. */
  progress?: { done: number; total: number } | undefined;
  /** Builds that wait in front of this one, of all apps; only while it is queued. */
  queuedBehind?: number | undefined;
}

/** A layer of a built image, lowest first. */
export interface BuildLayer {
  /** The instruction that made it, without the shell it was run with. */
  createdBy: string;
  /** Bytes it adds; 0 for one that only changes settings. */
  sizeBytes: number;
}

/** What the image of a build that succeeded is. */
export interface BuildResult {
  imageId: string;
  /** `repository@sha256:…` where a registry knows it. */
  digest?: string | undefined;
  sizeBytes: number;
  layers: BuildLayer[];
}

export interface BuildView {
  id: string;
  appId: string;
  service: string;
  tag: string;
  state: BuildState;
  /** Epoch milliseconds: when it was asked for. */
  startedAt: number;
  /** When it left the queue; absent while it waits, or when it never left. */
  begunAt?: number | undefined;
  endedAt?: number | undefined;
  noCache?: boolean | undefined;
  /** Absent until it is chosen. */
  builder?: BuilderChoice | undefined;
  context?:
    | {
        files: number;
        /** As its preview tells it. */
        bytes: number;
        /** 0 until the builder asks for some of it, which BuildKit may never do. */
        sentBytes: number;
        /** The engine has all that it needs of it: BuildKit fetches only what a step copies and what it has no copy of. */
        arrived?: boolean | undefined;
        skipped: { path: string; reason: string }[];
      }
    | undefined;
  steps: BuildStep[];
  /** What the builder warns of. */
  warnings?: { message: string; line?: number | undefined }[] | undefined;
  imageId?: string | undefined;
  result?: BuildResult | undefined;
  error?: BuildFailure | undefined;
}

/** A build that has ended, as the history lists it. */
export interface BuildHistoryEntry {
  id: string;
  service: string;
  tag: string;
  state: 'succeeded' | 'failed' | 'cancelled';
  startedAt: number;
  /** When it left the queue. */
  begunAt?: number | undefined;
  endedAt: number;
  noCache: boolean;
  builder?: BuilderKind | undefined;
  /** Steps that ran or came from the cache, and those of them that came from it. */
  steps: number;
  cachedSteps: number;
  contextBytes?: number | undefined;
  imageId?: string | undefined;
  digest?: string | undefined;
  sizeBytes?: number | undefined;
  /** Bytes of the image more (or less) than the build of this service before. */
  sizeDeltaBytes?: number | undefined;
  errorMessage?: string | undefined;
}

/** Two builds side by side; times in milliseconds, sizes in bytes, undefined where one of them has none. */
export interface BuildComparison {
  left: BuildHistoryEntry;
  right: BuildHistoryEntry;
  /** Steps matched by their instruction, in the order of the right build. */
  steps: {
    instruction: string;
    left?: { durationMs?: number | undefined; cached: boolean; state: BuildStep['state'] } | undefined;
    right?: { durationMs?: number | undefined; cached: boolean; state: BuildStep['state'] } | undefined;
  }[];
  layers: { createdBy: string; leftBytes?: number | undefined; rightBytes?: number | undefined }[];
}

/** A service whose image is older than the files it is made from. */
export interface ChangedCode {
  service: string;
  /** Epoch milliseconds: when its build began, or when the engine says that the image was made. */
  builtAt: number;
  /** Files of those that the build copies. */
  files: number;
  /** Epoch milliseconds: the last change. */
  changedAt: number;
  /** Paths inside the context of those that changed last, three at most, the last one first. */
  newest: string[];
}

/** What would be sent to the engine for a service's build, before it is. */
export interface ContextPreview {
  files: number;
  bytes: number;
  /** Folders and files by what they add, heaviest first, ten at most; `path` with `/`, folders with one at the end. */
  heaviest: { path: string; bytes: number; files: number }[];
  skipped: { path: string; reason: string }[];
  /** Path in the project of the ignore file in force; undefined: there is none. */
  ignoreFile?: string | undefined;
  /** There was none before the call that answers this. */
  ignoreFileIsNew?: boolean | undefined;
  /** Of the whole folder, also what the rules leave out: shows what they save. */
  ignoredFiles: number;
  /** Over a limit or unreadable: what a build would say. */
  problem?: ErrorShape | undefined;
}
