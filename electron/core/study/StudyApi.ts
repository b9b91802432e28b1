import type { Disposable } from '#shared/domain/Disposable.ts';
import type { StudyMode, StudyRecord, StudyRun } from '#shared/domain/Study.ts';
import type { PlannedRun } from '#shared/study/planRuns.ts';

export interface StudyOptions {
  /** Worker counts; ascending order and duplicates do not matter. */
  workers: readonly number[];
  /** Default `strong`. */
  mode?: StudyMode | undefined;
  /** Default: the app's only worker service. */
  service?: string | undefined;
  /** Default 7. */
  repetitions?: number | undefined;
  /** Runs a count again while its interval is wide, this often at most. Default: as often as all. */
  mostRepetitions?: number | undefined;
  /** Gives each worker so many CPUs of its own. Default: none. */
  cpusPerWorker?: number | undefined;
  /** Default: one of chance, which the plan tells. */
  seed?: number | undefined;
  /** Default one second. */
  cooldownMs?: number | undefined;
  /** Of one run, default ten minutes. */
  timeoutMs?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  name?: string | undefined;
}

/** What goes on in a study. `done` and `total` count runs. */
export type StudyNews =
  /** Another study goes first. */
  | { kind: 'queued' }
  | { kind: 'begins'; record: StudyRecord; done: number; total: number }
  | { kind: 'running'; run: PlannedRun; done: number; total: number }
  | { kind: 'ran'; run: StudyRun; done: number; total: number }
  /** The engine is gone; the run is made again when it is back. */
  | { kind: 'engine-lost'; message: string };

export interface StudyRequest {
  signal: AbortSignal;
  onNews: (news: StudyNews) => void;
}

export interface StudyService extends Disposable {
  /**
   * Measures; one study at a time, others wait. Every run is safe on the disk when it is told.
   * @throws FlotillaError `invalid-input`, `not-found`, `consent-required`, `project-invalid`; `cancelled` and `engine-unavailable`: what was measured stays
   * and can be resumed
   */
  run(appId: string, options: StudyOptions, request: StudyRequest): Promise<StudyRecord>;
  /**
   * Goes on with the app's newest study that is not whole.
   * @throws FlotillaError `not-found` where there is none, `conflict` when the app has changed since
   */
  resume(appId: string, request: StudyRequest): Promise<StudyRecord>;
  /** The app's studies, newest first. */
  list(appId: string): Promise<StudyRecord[]>;
  /**
   * The study of that id, of whichever app; the first characters do where they are of one only.
   * @throws FlotillaError `not-found`, `conflict` where several begin so
   */
  find(studyId: string): Promise<StudyRecord>;
  /** Takes its record away; none there is no error. @throws FlotillaError `conflict` for one that is under way */
  remove(studyId: string): Promise<void>;
}
