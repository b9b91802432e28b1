import { describe, expect, it } from 'vitest';
import { checkRequirements } from './checkRequirements.ts';
import { measurePoints } from './measurePoints.ts';
import type { Requirement } from './Requirement.ts';
import { about, testRecord } from './testStudy.ts';

const record = testRecord({ 1: about(10_000), 2: about(5_200), 8: about(2_500) });
for (const run of record.runs) if (run.workers === 8) run.peakMemoryBytes = 3 * 1024 ** 2 + run.repetition;
const { points } = measurePoints(record);
const baseline = measurePoints(testRecord({ 1: about(9_900), 2: about(4_500) })).points;
const check = (...requirements: Requirement[]) =>
  checkRequirements(requirements, points, (name) => (name === 'v1' ? baseline : undefined)).map(
    ({ workers, status, text }) => [workers, status, text],
  );

describe('performance requirements', () => {
  it('of efficiency and time are held against the median', () => {
    expect(
      check(
        { kind: 'efficiency', at: 2, least: 0.95 },
        { kind: 'efficiency', at: 8, least: 0.7 },
        { kind: 'time', at: 8, mostMs: 2_500 },
        { kind: 'time', at: 8, mostMs: 2_499 },
      ),
    ).toEqual([
      [2, 'pass', expect.stringMatching(/^efficiency at least 95 % with 2 workers: 96 % \(9\d %–9\d %\)$/)],
      [8, 'fail', expect.stringMatching(/^efficiency at least 70 % with 8 workers: 50 % \(/)],
      [
        8,
        'pass',
        expect.stringMatching(/^time at most 2\.50 s with 8 workers: 2\.50 s \(2\.4\d s–2\.5\d s\)$/),
      ],
      [8, 'fail', expect.stringMatching(/^time at most 2\.50 s/)],
    ]);
  });

  it('of core-seconds are held against a core for each worker', () => {
    expect(check({ kind: 'coreSeconds', at: 8, most: 20 }, { kind: 'coreSeconds', at: 2, most: 10 })).toEqual(
      [
        [8, 'pass', 'core-seconds at most 20.0 with 8 workers: 20.0'],
        [2, 'fail', 'core-seconds at most 10.0 with 2 workers: 10.4'],
      ],
    );
  });

  it('on a count that was not measured are not met', () => {
    expect(check({ kind: 'time', at: 3, mostMs: 1 })).toEqual([
      [3, 'unknown', 'time at most 1.00 ms with 3 workers: not known, 3 workers were not measured'],
    ]);
  });

  it('on a count that has runs to come are open while the study goes on, on others as ever', () => {
    const { points: some } = measurePoints(
      testRecord({ 1: about(9_000), 2: [], 4: [] }, { workers: [1, 2, 4] }),
    );
    const limit: Requirement = { kind: 'time', mostMs: 10_000 };
    const stateOf = (pending?: ReadonlySet<number>) =>
      checkRequirements([limit, { ...limit, at: 16 }], some, () => undefined, pending).map(
        ({ status, text }) => `${status}: ${text.slice(text.indexOf(': ') + 2)}`,
      );
    expect(stateOf(new Set([1, 2]))).toEqual([
      expect.stringMatching(/^pass: 9\.00 s/),
      'pending: not measured yet',
      'unknown: not known, it was not measured',
      'unknown: not known, 16 workers were not measured',
    ]);
    expect(stateOf()[1]).toBe('unknown: not known, it was not measured');
    expect(
      checkRequirements([{ kind: 'memory', at: 1, mostBytes: 1 }], some, () => undefined, new Set([1]))[0],
    ).toMatchObject({
      status: 'pending',
      text: expect.stringContaining('no run so far was long enough for a look at its memory') as string,
    });
  });

  it('of efficiency are open while the base case, or a count that may become it, has runs to come', () => {
    const { points: some } = measurePoints(
      testRecord({ 1: [], 2: about(5_000), 4: about(2_600) }, { workers: [1, 2, 4] }),
    );
    const stateOf = (...pending: number[]) =>
      checkRequirements(
        [
          { kind: 'efficiency', least: 0.8 },
          { kind: 'coreSeconds', at: 4, most: 11 },
        ],
        some,
        () => undefined,
        new Set(pending),
      ).map(({ status, text }) => `${status}: ${text.slice(text.indexOf(': ') + 2)}`);
    const open = 'pending: not measured yet, the base case has runs to come';
    const time = 'pass: 10.4';
    expect(stateOf(1, 4)).toEqual(['pending: not measured yet', open, open, time]);
    expect(stateOf(2).slice(1)).toEqual([open, open, time]);
    expect(stateOf(4).slice(1)).toEqual(['pass: 100 %', expect.stringMatching(/^pass: 96 %/), time]);
  });

  it('without a count hold at each', () => {
    expect(check({ kind: 'time', mostMs: 6_000 }).map(([workers, status]) => [workers, status])).toEqual([
      [1, 'fail'],
      [2, 'pass'],
      [8, 'pass'],
    ]);
  });

  it('of memory take the most that was seen, and are not known where nothing was', () => {
    expect(check({ kind: 'memory', mostBytes: 4 * 1024 ** 2 })).toEqual([
      [1, 'unknown', expect.stringContaining('no run was long enough')],
      [2, 'unknown', expect.any(String)],
      [8, 'pass', 'memory at most 4.0 MiB with 8 workers: 3.0 MiB'],
    ]);
    expect(check({ kind: 'memory', at: 8, mostBytes: 1024 ** 2 })[0]?.[1]).toBe('fail');
  });

  it('of a baseline fail when the slowdown is certain, not when it may be chance', () => {
    expect(check({ kind: 'slowdown', most: 0.05, baseline: 'v1' })).toEqual([
      [1, 'pass', expect.stringMatching(/^at most 5 % slower than “v1” with 1 worker: 1 % slower \(times /)],
      [2, 'fail', expect.stringMatching(/: 16 % slower \(times 1\.1\d\d–1\.1\d\d\)$/)],
      [8, 'unknown', expect.stringContaining('no study called “v1” measured that')],
    ]);
    // A hundredth slower, and runs that differ by more than that.
    expect(check({ kind: 'slowdown', most: 0, baseline: 'v1', at: 1 })[0]?.[1]).toBe('pass');
    expect(check({ kind: 'slowdown', most: 0, baseline: 'v2', at: 1 })[0]?.[1]).toBe('unknown');
  });
});
