import type { StudyPlan, StudyRecord, StudyRun } from '../domain/Study.ts';

export const testPlan = (changes: Partial<StudyPlan> = {}): StudyPlan => ({
  id: 'study',
  appId: 'app',
  project: 'solver-study-study',
  title: 'solver',
  mode: 'strong',
  service: 'worker',
  workers: [1, 2, 4, 8],
  repetitions: 7,
  seed: 1,
  cooldownMs: 0,
  timeoutMs: 60_000,
  memory: false,
  createdAt: 0,
  settings: 's',
  host: {
    engine: 'Docker 20.10.24',
    operatingSystem: 'Debian 12',
    architecture: 'x86_64',
    cpus: 16,
    memoryBytes: 2 ** 34,
    cgroupVersion: '2',
  },
  ...changes,
});

/** A run that succeeded. */
export const testRun = (
  workers: number,
  repetition: number,
  timeMs: number,
  more: Partial<StudyRun> = {},
): StudyRun => ({
  workers,
  repetition,
  startedAt: 0,
  outcome: 'ok',
  timeMs,
  ...more,
});

/** A whole study: a warm-up of 99 s at each count, then the times given. */
export const testRecord = (
  times: Record<number, number[]>,
  changes: Partial<StudyPlan> = {},
): StudyRecord => {
  const workers = Object.keys(times).map(Number);
  const repetitions = Math.max(...Object.values(times).map(({ length }) => length));
  return {
    plan: testPlan({ workers, repetitions, ...changes }),
    runs: workers.flatMap((count) => [
      testRun(count, 0, 99_000),
      ...(times[count] ?? []).map((timeMs, index) => testRun(count, index + 1, timeMs)),
    ]),
  };
};

/** Seven times about `timeMs`, off by up to 1.5 %. */
export const about = (timeMs: number): number[] =>
  [-1.5, 1, -0.5, 0, 0.5, -1, 1.5].map((percent) => timeMs * (1 + percent / 100));
