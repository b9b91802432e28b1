import type { SweepAttempt, SweepPlan } from '../domain/Sweep.ts';

/** A plan for tests: two parameters, four jobs, one retry, one column. */
export const testSweep = (change: Partial<SweepPlan> = {}): SweepPlan => ({
  id: 'a1b2c3',
  appId: 'app',
  project: 'app-sweep-a1b2c3',
  title: 'app',
  service: 'worker',
  parameters: ['threads', 'seed'],
  rows: [
    ['1', '7'],
    ['1', '8'],
    ['2', '7'],
    ['2', '8'],
  ],
  concurrency: 2,
  retries: 1,
  columns: [{ name: 'loss', from: 'log', pattern: 'loss ([0-9.]+)' }],
  createdAt: Date.UTC(2026, 10, 27),
  settings: 's',
  ...change,
});

/** A try of a job for tests that went well, with a value of its column. */
export const testAttempt = (job: number, change: Partial<SweepAttempt> = {}): SweepAttempt => ({
  job,
  number: 1,
  outcome: 'ok',
  startedAt: Date.UTC(2026, 10, 27),
  timeMs: 1_500,
  exitCode: 0,
  values: ['0.5'],
  problems: [],
  ...change,
});

/** One that failed. */
export const failedAttempt = (job: number, number = 1): SweepAttempt =>
  testAttempt(job, {
    number,
    outcome: 'failed',
    reason: 'it ended with code 3',
    exitCode: 3,
    values: [null],
  });
