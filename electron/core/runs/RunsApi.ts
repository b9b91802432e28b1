import type { AppView } from '#shared/domain/AppView.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { MetricsHistory } from '#shared/domain/Metrics.ts';
import type {
  ResultListing,
  ResultPreview,
  RunAnnotation,
  RunComparison,
  RunExportProgress,
  RunList,
  RunOutcome,
  RunRecord,
  RunSummary,
} from '#shared/domain/Run.ts';
import type { StudyRecord } from '#shared/domain/Study.ts';

/** How a study came to its end, for now: one that was broken off may go on later. */
export interface StudyEnd {
  outcome: RunOutcome;
  reason: string;
}

export interface RunQuery {
  appId?: string | undefined;
  /** See filterRuns. */
  filter?: string | undefined;
  /** How many of those that match are passed over. */
  offset?: number | undefined;
  limit?: number | undefined;
}

/** The ledger of runs. Runs are named by their ids; unknown ones are refused with `not-found`. */
export interface RunsService extends Disposable {
  list(query: RunQuery): Promise<RunList>;
  /** The run of an id, or of the beginning of one that no other has. */
  find(id: string): Promise<RunSummary>;
  show(id: string): Promise<RunRecord>;
  compare(left: string, right: string): Promise<RunComparison>;
  /** What was measured of its containers, in at most some hundred steps; null where nothing was. */
  metrics(id: string): Promise<MetricsHistory | null>;
  /** An empty text or list takes the field away. */
  annotate(id: string, annotation: RunAnnotation): Promise<RunSummary>;
  /** With its results. @throws FlotillaError `conflict` while it goes on */
  remove(id: string): Promise<void>;
  /**
   * Starts the app again from the images and settings of a run; secrets are taken from the files as they are now.
   * @throws FlotillaError `invalid-input` for a study, `not-found` where an image or a secret is gone, `conflict` where the app runs
   */
  rerun(id: string, options: { signal?: AbortSignal | undefined }): Promise<AppView>;
  /** Copies all of it to a folder or into a tar archive that must not be there yet. Broken off, nothing is left. */
  export(
    request: { id: string; path: string; format: 'folder' | 'tar' },
    signal: AbortSignal,
  ): AsyncIterable<RunExportProgress[]>;
  listResults(id: string, worker: string, path: string): Promise<ResultListing>;
  previewResult(id: string, worker: string, path: string): Promise<ResultPreview>;
  /** Something about the runs of an app has changed. */
  onChange(listener: (appId: string) => void): Disposable;
  /**
   * The app's newest run, once what is known now is written down; undefined where none has begun.
   */
  newest(appId: string): Promise<RunSummary | undefined>;
  /**
   * Writes a study down as one of the entries, and what has become of it since: without `end` it goes on.
   * @param path real path of the project folder
   */
  noteStudy(record: StudyRecord, path: string, end?: StudyEnd): Promise<void>;
  /** Waits until a run has ended. @param closed until its last container has */
  ended(id: string, options: { closed?: boolean; signal: AbortSignal }): Promise<RunSummary>;
  /** Waits until nothing is left to copy out of containers of a run. */
  collected(id: string, signal: AbortSignal): Promise<RunRecord>;
}
