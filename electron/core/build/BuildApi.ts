import type { Disposable } from '#shared/domain/Disposable.ts';
import type { BuildView } from '#shared/domain/AppView.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';

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
}

export interface BuildOutputLine {
  /** Step number the line belongs to; 0 before the first. */
  step: number;
  text: string;
}

export interface BuildService extends Disposable {
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
  /** Called with a build's new view (coalesced) and the lines that came since the last call. */
  onBuild(listener: (build: BuildView, lines: BuildOutputLine[]) => void): Disposable;
}
