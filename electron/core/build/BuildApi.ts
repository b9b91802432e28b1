import type { Disposable } from '#shared/domain/Disposable.ts';
import type {
  BuildComparison,
  BuilderChoice,
  BuilderKind,
  BuildHistoryEntry,
  BuildView,
  ContextPreview,
} from '#shared/domain/Build.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import type { ChangesOptions } from './context/changedSince.ts';
import type { ChangedFiles } from './context/changedSteps.ts';

/** What the rest of the core may ask of the build layer. Interfaces only. */

export interface BuildRequest {
  appId: string;
  service: string;
  /** Image reference to tag, e.g. `pi-worker:latest`. */
  tag: string;
  /** Absolute, real path of the project's root: nothing outside it is ever read. */
  projectRoot: string;
  build: BuildModel;
  labels: Record<string, string>;
  noCache: boolean;
  /** Ids of builds whose images this one takes: it waits for them, and fails when one does. */
  after?: readonly string[] | undefined;
  /** Default: the best the engine offers. */
  builder?: BuilderKind | undefined;
}

export interface BuildOutputLine {
  /** Step number the line belongs to; 0 before the first. */
  step: number;
  text: string;
}

export interface BuildService extends Disposable {
  /** A build will be started in a moment: what takes time to start is started meanwhile. May come to nothing. */
  expect(): void;
  /** Queues a build and returns its view at once; never rejects for what goes wrong inside the build. */
  start(request: BuildRequest): BuildView;
  get(buildId: string): BuildView | undefined;
  /** Resolves with the final view (succeeded, failed or cancelled). */
  wait(buildId: string): Promise<BuildView>;
  cancel(buildId: string): void;
  /** Newest first; at most 50 per app are kept. */
  list(appId: string): BuildView[];
  /** The last lines kept (at most 10,000 per build) and how many were dropped before them. */
  output(buildId: string): { lines: BuildOutputLine[]; dropped: number };
  /** One build, under way or of the history. @throws FlotillaError `not-found` */
  find(buildId: string): Promise<BuildView>;
  /** Builds that have ended, newest first, also those of Flotilla's earlier sessions. */
  history(
    appId: string,
    options: { service?: string | undefined; limit?: number | undefined },
  ): Promise<BuildHistoryEntry[]>;
  /** Output of a build, also one of the history. @throws FlotillaError `not-found` */
  keptOutput(buildId: string): Promise<{ lines: BuildOutputLine[]; dropped: number }>;
  compare(left: string, right: string): Promise<BuildComparison>;
  /** The builders the engine offers, the one that would be used first. */
  builders(): Promise<BuilderChoice[]>;
  /** What a build would send, without sending it. Never rejects for what a build would fail at: that is its `problem`. */
  previewContext(projectRoot: string, build: BuildModel, signal?: AbortSignal): Promise<ContextPreview>;
  /** What has changed of the files that a build copies, since a moment; see changedSince. */
  changedSince(
    projectRoot: string,
    build: BuildModel,
    options: ChangesOptions,
    signal?: AbortSignal,
  ): Promise<ChangedFiles | undefined>;
  /**
   * Adds a path (inside the context, with `/`) to the ignore file in force; `isNew`: it was made, for there was none. `undo` takes the
   * line away, and with `removeFile` a file in which nothing else is.
   */
  ignorePath(
    projectRoot: string,
    build: BuildModel,
    path: string,
    options?: { undo?: boolean | undefined; removeFile?: boolean | undefined },
  ): Promise<{ isNew: boolean }>;
  /** Called with a build's new view (coalesced) and the lines that came since the last call. */
  onBuild(listener: (build: BuildView, lines: BuildOutputLine[]) => void): Disposable;
}
