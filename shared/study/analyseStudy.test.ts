import { describe, expect, it } from 'vitest';
import type { StudyRun } from '../domain/Study.ts';
import { analyseStudy } from './analyseStudy.ts';
import { compareStudies } from './compareStudies.ts';
import { measurePoints } from './measurePoints.ts';
import { planRuns, remainingRuns } from './planRuns.ts';
import { about, testPlan, testRecord, testRun } from './testStudy.ts';

const amdahl = (serial: number, workers: number): number => 10_000 * (serial + (1 - serial) / workers);
const strong = (serial: number, counts: number[], changes = {}) =>
  testRecord(Object.fromEntries(counts.map((count) => [count, about(amdahl(serial, count))])), changes);

describe('runs that go on while the interval is wide', () => {
  const plan = testPlan({ workers: [1, 2, 4], repetitions: 6, mostRepetitions: 9 });
  const steady = (workers: number, count = 6): StudyRun[] =>
    Array.from({ length: count + 1 }, (_, index) => testRun(workers, index, 1_000 + index));
  const shaky = (workers: number, count = 6): StudyRun[] =>
    Array.from({ length: count + 1 }, (_, index) => testRun(workers, index, 1_000 * (1 + (index % 3))));
  const keys = (runs: readonly StudyRun[]) =>
    remainingRuns(plan, runs).map(({ workers, repetition }) => `${workers}/${repetition}`);

  it('are one more of each such count a round, in an order of the seed, and end with the most', () => {
    const runs = [...steady(1), ...shaky(2), ...shaky(4)];
    const first = keys(runs);
    expect([...first].sort()).toEqual(['2/7', '4/7']);
    expect(keys(runs)).toEqual(first);
    // Resumed in the middle of a round, it goes on with the other.
    const [workers = 0] = (first[0] ?? '').split('/').map(Number);
    expect(keys([...runs, testRun(workers, 7, 5_000)])).toEqual([first[1]]);
    expect(keys([...steady(1), ...shaky(2, 9), ...shaky(4, 9)])).toEqual([]);
  });

  it('are none where all are narrow, where that was not asked for, and at a count that was given up', () => {
    expect(keys([...steady(1), ...steady(2), ...steady(4)])).toEqual([]);
    const wide = [...shaky(1), ...shaky(2), ...shaky(4)];
    expect(remainingRuns({ ...plan, mostRepetitions: undefined }, wide)).toEqual([]);
    const failed = Array.from(
      { length: 7 },
      (_, index): StudyRun => ({
        workers: 4,
        repetition: index,
        startedAt: 0,
        outcome: 'failed',
      }),
    );
    expect(keys([...steady(1), ...steady(2), ...failed])).toEqual([]);
  });

  it('are told of where they did not help, and so is how CPUs were shared', () => {
    const { notes } = analyseStudy({
      plan: { ...plan, pinning: { perWorker: 1, cpus: [0, 1] } },
      runs: [...steady(1), ...steady(2), ...shaky(4, 9)],
    });
    expect(notes).toContain(
      '4 workers: after 9 runs the interval is still wider than 5 % of the median to either side.',
    );
    expect(notes).toContain(
      'Each worker was bound to a CPU; with 4 workers there were not enough, and several shared theirs.',
    );
    const two = analyseStudy({
      plan: { ...plan, workers: [1, 2], pinning: { perWorker: 2, cpus: [0, 1, 2, 3] } },
      runs: [...steady(1), ...steady(2)],
    });
    expect(two.notes).toContain('Each worker had 2 CPUs of its own.');
  });
});

describe('the order of runs', () => {
  it('has a warm-up of each count first, then every repetition once, in an order that the seed alone decides', () => {
    const plan = testPlan({ seed: 42 });
    const order = planRuns(plan);
    expect(
      order
        .slice(0, 4)
        .map(({ workers }) => workers)
        .sort((a, b) => a - b),
    ).toEqual([1, 2, 4, 8]);
    expect(order.slice(0, 4).every(({ repetition }) => repetition === 0)).toBe(true);
    expect(new Set(order.map(({ workers, repetition }) => `${workers}/${repetition}`)).size).toBe(32);
    expect(planRuns(plan)).toEqual(order);
    expect(planRuns({ ...plan, seed: 43 })).not.toEqual(order);
    const workers = order.slice(4).map((run) => run.workers);
    expect(workers).not.toEqual([...workers].sort((a, b) => a - b));
  });

  it('goes on where it stopped, and gives up a count that only ever failed', () => {
    const plan = testPlan({ workers: [1, 2], repetitions: 4 });
    const order = planRuns(plan);
    const made = order.slice(0, 5).map(({ workers, repetition }) => testRun(workers, repetition, 1));
    expect(remainingRuns(plan, made)).toEqual(order.slice(5));
    const failing: StudyRun[] = order
      .filter(({ workers }) => workers === 2)
      .slice(0, 3)
      .map((run) => ({ ...run, startedAt: 0, outcome: 'failed' }));
    expect(remainingRuns(plan, failing).every(({ workers }) => workers === 1)).toBe(true);
    expect(
      remainingRuns(plan, [...failing.slice(1), testRun(2, 0, 1)]).some(({ workers }) => workers === 2),
    ).toBe(true);
  });
});

describe('what is measured at each count', () => {
  it('is a median with its interval, speedup, efficiency, Karp–Flatt and core-seconds; warm-ups do not count', () => {
    const { base, points } = measurePoints(strong(0.1, [1, 2, 4, 8]));
    expect(base).toEqual({ workers: 1, time: 10_000 });
    const [one, , four] = points;
    expect(one).toMatchObject({
      speedup: 1,
      efficiency: 1,
      karpFlatt: undefined,
      speedupInterval: undefined,
    });
    expect(four?.medianMs).toBeCloseTo(3_250, 6);
    expect(four?.speedup).toBeCloseTo(1 / (0.1 + 0.9 / 4), 9);
    expect(four?.efficiency).toBeCloseTo(1 / (0.1 + 0.9 / 4) / 4, 9);
    expect(four?.karpFlatt).toBeCloseTo(0.1, 9);
    expect(four?.coreSeconds).toBeCloseTo(13, 9);
    for (const point of points.slice(1)) {
      expect(point.speedupInterval?.low).toBeLessThan(point.speedup ?? 0);
      expect(point.speedupInterval?.high).toBeGreaterThan(point.speedup ?? 0);
      expect(point.efficiencyInterval?.high).toBeCloseTo(
        (point.speedupInterval?.high ?? 0) / point.workers,
        9,
      );
      expect(point.karpFlattInterval?.low).toBeLessThan(0.1);
      expect(point.karpFlattInterval?.high).toBeGreaterThan(0.1);
    }
  });

  it('refers to the least count where one worker was not run, and says so', () => {
    const report = analyseStudy(strong(0, [2, 4, 8]));
    expect(report.base).toEqual({ workers: 2, time: 5_000 });
    expect(report.points.map(({ speedup }) => speedup)).toEqual([2, 4, 8].map((s) => expect.closeTo(s, 9)));
    expect(report.notes).toContain(
      'The base case is 2 workers (5.00 s): one was not measured. Speedups take it to be perfect.',
    );
  });

  it('is the scaled speedup where the work grows with the workers', () => {
    const { points } = measurePoints(testRecord({ 1: about(10_000), 4: about(12_500) }, { mode: 'weak' }));
    expect(points[1]?.efficiency).toBeCloseTo(0.8, 9);
    expect(points[1]?.speedup).toBeCloseTo(3.2, 9);
    expect(points[1]?.karpFlatt).toBeUndefined();
  });

  it('leaves out what failed and what is no time, with a count and the reason', () => {
    const record = strong(0.1, [1, 2]);
    record.runs.push(testRun(2, 8, Number.NaN), testRun(2, 9, 0), testRun(2, 10, -5), {
      workers: 2,
      repetition: 11,
      startedAt: 0,
      outcome: 'failed',
      reason: 'worker-2 ended with code 3',
    });
    const { points } = measurePoints(record);
    expect(points[1]).toMatchObject({ excluded: 4, reason: 'it gave no time' });
    expect(points[1]?.timesMs).toHaveLength(7);
  });
});

describe('the verdict', () => {
  it('names the count of the best value and what the next one costs', () => {
    const times = { 1: about(10_000), 2: about(5_200), 4: about(2_900), 8: about(2_726) };
    expect(analyseStudy(testRecord(times)).verdict).toMatch(
      /^Best value at 4 workers: 3\.45 times as fast as 1 \(95 % interval 3\.\d\d–3\.\d\d\), efficiency 86 %; going to 8 costs 1\.88 times the core-seconds for 6 % less time\.$/,
    );
  });

  it('says when more workers are slower, when more may pay, and when nothing scales', () => {
    expect(analyseStudy(testRecord({ 1: about(10), 2: about(6), 4: about(9) })).verdict).toMatch(
      /going to 4 costs 3\.00 times the core-seconds and is 50 % slower\.$/,
    );
    expect(analyseStudy(strong(0, [1, 2, 4])).verdict).toMatch(
      /That is the most that was measured; more may pay, too\.$/,
    );
    expect(analyseStudy(testRecord({ 1: about(10), 2: about(10) })).verdict).toMatch(
      /^Best value at 1 worker \(10\.0 ms\); going to 2 /,
    );
  });

  it('does without what was not measured', () => {
    expect(analyseStudy({ plan: testPlan(), runs: [] })).toMatchObject({
      base: undefined,
      fits: [],
      remaining: 32,
      verdict: 'Nothing is measured yet.',
    });
    expect(analyseStudy(testRecord({ 4: [5_000] })).verdict).toBe(
      'Only 4 workers could be measured: 5.00 s. How it scales takes two counts.',
    );
  });

  it('of weak scaling tells how much longer it takes', () => {
    const record = testRecord({ 1: about(10_000), 8: about(11_400) }, { mode: 'weak' });
    expect(analyseStudy(record).verdict).toMatch(
      /^With 8\.00 times the work on 8 in place of 1 worker it takes 14 % more time: efficiency 88 %, 95 % interval 8\d %–\d\d %\.$/,
    );
  });
});

describe('what to bear in mind', () => {
  it('are too few repetitions, runs that do not count, a busy host, starts far apart, and more workers than CPUs', () => {
    const record = testRecord({ 1: [10_000, 10_000, 10_000], 32: [1_000, 1_000, 1_000] });
    record.runs[1] = testRun(1, 1, 10_000, { hostLoad: 0.5 });
    for (const run of record.runs.filter(({ workers }) => workers === 32)) run.startSpreadMs = 200;
    record.runs[4] = {
      workers: 32,
      repetition: 0,
      startedAt: 0,
      outcome: 'timeout',
      reason: 'it took longer than 60.0 s',
    };
    expect(analyseStudy(record).notes).toEqual([
      'No intervals: 3 repetitions are too few, 6 are needed for one of 95 %.',
      '32 workers: 1 of 4 runs do not count (it took longer than 60.0 s).',
      'Before 1 of the runs others used the host: times may be longer than the program’s own.',
      '32 workers: the containers started within 200 ms, which blurs 1.00 s. Longer runs, or a line in the log where the work begins, tell more.',
      'The host has 16 CPUs: with 32 workers they share them.',
    ]);
  });
});

describe('two studies', () => {
  const points = (times: Record<number, number[]>) => measurePoints(testRecord(times)).points;
  const before = points({ 1: about(10_000), 2: about(5_000), 4: about(3_000), 16: about(900) });

  it('are compared at each count they share, with an interval', () => {
    const after = points({ 1: about(10_010), 2: about(4_500), 4: about(3_300), 8: about(2_000) });
    const { at, text } = compareStudies(before, after);
    expect(text).toBe('Faster at 2; slower at 4; no difference can be told at 1 (workers).');
    expect(at.map(({ workers, difference }) => [workers, difference])).toEqual([
      [1, 'unclear'],
      [2, 'faster'],
      [4, 'slower'],
    ]);
    expect(at[1]?.text).toMatch(/^2 workers: 10 % less time \(95 % interval 0\.8\d\d–0\.9\d\d times\)$/);
  });

  it('with few repetitions make no claim', () => {
    const after = points({ 2: [4_000, 4_000, 4_000] });
    expect(compareStudies(before, after).at[0]).toMatchObject({
      difference: 'unclear',
      text: '2 workers: 20 % less time; too few repetitions to tell whether that is chance',
    });
  });

  it('without a count in common say so', () => {
    expect(compareStudies(before, points({ 3: about(1) })).text).toBe(
      'The two have no worker count in common.',
    );
  });
});
