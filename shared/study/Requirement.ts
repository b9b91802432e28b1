/** What the performance of an app has to be, as its `x-flotilla.requirements` says. Without `at`: at every count of a study. */
export type Requirement = { at?: number | undefined } & (
  | { kind: 'efficiency'; least: number }
  | { kind: 'time'; mostMs: number }
  /** At most so much slower than the last whole study of that name: 0.05 is 5 %. */
  | { kind: 'slowdown'; most: number; baseline: string }
  /** Of the worker that has most. */
  | { kind: 'memory'; mostBytes: number }
  /** In a study a core for each worker, used or not; of a single run what was used. */
  | { kind: 'coreSeconds'; most: number }
);

/** Whether a study meets a requirement, at one count. */
export interface RequirementResult {
  requirement: Requirement;
  workers?: number | undefined;
  /** `unknown`: it was not measured. That is not meeting it. `pending`: it is not yet, the study goes on. */
  status: 'pass' | 'fail' | 'unknown' | 'pending';
  /** The requirement, and what was measured, as a sentence. */
  text: string;
}
