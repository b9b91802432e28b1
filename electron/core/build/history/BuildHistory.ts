import type { Disposable } from '#shared/domain/Disposable.ts';
import type { BuildHistoryEntry, BuildView } from '#shared/domain/Build.ts';
import type { KeptOutput } from './keptOutput.ts';

/** A build of the history, whole. */
export interface HistoricalBuild {
  build: BuildView;
  entry: BuildHistoryEntry;
}

/** Builds that have ended, also those of earlier sessions. */
export interface BuildHistory extends Disposable {
  /** Takes in a build that has ended. Written in the background; a failure is told in the log. */
  add(build: BuildView, output: KeptOutput): void;
  /** Newest first; what was added before the call is among them. */
  list(
    appId: string,
    options?: { service?: string | undefined; limit?: number | undefined },
  ): Promise<BuildHistoryEntry[]>;
  find(buildId: string): Promise<HistoricalBuild | undefined>;
  output(buildId: string): Promise<KeptOutput | undefined>;
  /** Waits until what was added is written. */
  dispose(): Promise<void>;
}
