import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AutoscalePolicy, AUTOSCALE_DEFAULTS } from './AutoscalePolicy.ts';
import { decideScale, NO_MEMORY, type ScaleMemory, type ScaleSample } from './decideScale.ts';
import { scheduledNow } from './scheduledNow.ts';

const policy = (change: Partial<AutoscalePolicy>): AutoscalePolicy => ({
  min: 1,
  max: 16,
  ...AUTOSCALE_DEFAULTS,
  ...change,
});
const sample = (change: Partial<ScaleSample>): ScaleSample => ({
  replicas: 4,
  running: 4,
  minuteOfDay: 600,
  day: 3,
  ...change,
});
const QUEUE = { source: { kind: 'http' as const, url: 'http://127.0.0.1/' }, perWorker: 10 };

/** What is done over several looks, each as the one before left it. */
function follow(rules: AutoscalePolicy, looks: Partial<ScaleSample>[]): number[] {
  let memory: ScaleMemory = NO_MEMORY;
  let replicas = looks[0]?.replicas ?? 4;
  return looks.map((look) => {
    const verdict = decideScale(rules, memory, sample({ running: replicas, ...look, replicas }));
    memory = verdict.memory;
    replicas = verdict.to ?? replicas;
    return replicas;
  });
}

describe('what one look asks for', () => {
  it('is by CPU what would bring each worker to the target, and nothing within a tenth of it', () => {
    const wanted = (cpu: number) => decideScale(policy({ cpuTarget: 0.5 }), NO_MEMORY, sample({ cpu }));
    expect(wanted(1)).toMatchObject({ to: 8, reason: 'CPU at 100 %, 50 % wanted' });
    expect(wanted(0.54)).toMatchObject({ to: undefined, wanted: 4 });
    expect(wanted(0.56)).toMatchObject({ to: 5 });
    expect(wanted(0.25)).toMatchObject({ to: undefined, wanted: 2 });
    expect(wanted(10)).toMatchObject({
      to: 16,
      reason: 'CPU at 1000 %, 50 % wanted; 80 would be more than 1 to 16 allows',
    });
  });

  it('is by queue a worker for so many jobs, from none to the most', () => {
    const rules = policy({ min: 0, queue: QUEUE });
    const wanted = (queue: number, replicas: number) =>
      decideScale({ ...rules, downAfter: 1 }, NO_MEMORY, sample({ queue, replicas, running: replicas })).to;
    expect([wanted(1, 0), wanted(41, 4), wanted(0, 4), wanted(40, 4), wanted(1e9, 4)]).toEqual([
      1,
      5,
      0,
      undefined,
      16,
    ]);
  });

  it('is the most that any signal asks for', () => {
    const rules = policy({ cpuTarget: 0.5, queue: QUEUE });
    expect(decideScale(rules, NO_MEMORY, sample({ cpu: 0.1, queue: 100 }))).toMatchObject({
      to: 10,
      reason: '100 jobs wait, 10 for each worker',
    });
  });

  it('is nothing where nothing could be measured, and the bounds in any case', () => {
    const rules = policy({ min: 2, max: 6, cpuTarget: 0.5 });
    expect(decideScale(rules, NO_MEMORY, sample({}))).toMatchObject({ to: undefined, wanted: undefined });
    expect(decideScale(rules, NO_MEMORY, sample({ replicas: 1 }))).toMatchObject({ to: 2 });
    expect(decideScale(rules, NO_MEMORY, sample({ replicas: 9 }))).toMatchObject({
      to: 6,
      reason: '9 is outside of 2 to 6',
    });
    expect(decideScale(rules, NO_MEMORY, sample({ replicas: 1, running: 1, cpu: 2 }))).toMatchObject({
      to: 4,
    });
  });
});

describe('what is done over several looks', () => {
  it('is more at once, fewer only after three that agree, and then the most of these', () => {
    const rules = policy({ queue: QUEUE });
    expect(
      follow(rules, [{ queue: 80 }, { queue: 20 }, { queue: 50 }, { queue: 30 }, { queue: 30 }]),
    ).toEqual([8, 8, 8, 5, 5]);
    // A look that asks for as many as there are begins the count anew.
    expect(
      follow(rules, [{ queue: 10 }, { queue: 10 }, { queue: 40 }, { queue: 10 }, { queue: 10 }]),
    ).toEqual([4, 4, 4, 4, 4]);
    expect(follow(policy({ queue: QUEUE, upAfter: 2 }), [{ queue: 80 }, { queue: 60 }])).toEqual([4, 6]);
  });

  it('never leaves the bounds, and comes to rest when the load does', () => {
    fc.assert(
      fc.property(
        fc.record({ min: fc.nat(5), span: fc.nat(20), perWorker: fc.integer({ min: 1, max: 50 }) }),
        fc.array(fc.nat(2_000), { maxLength: 40 }),
        fc.nat(2_000),
        fc.nat(30),
        ({ min, span, perWorker }, loads, rest, first) => {
          const rules = policy({ min, max: min + span, queue: { ...QUEUE, perWorker } });
          const looks = [...loads, ...Array<number>(8).fill(rest)].map((queue) => ({ queue }));
          const done = follow(rules, [{ queue: looks[0]?.queue, replicas: first }, ...looks]);
          for (const replicas of done.slice(3)) {
            expect(replicas).toBeGreaterThanOrEqual(rules.min);
            expect(replicas).toBeLessThanOrEqual(Math.max(rules.max, first));
          }
          const goal = Math.max(rules.min, Math.min(rules.max, Math.ceil(rest / perWorker)));
          expect(done.at(-1)).toBe(goal);
        },
      ),
    );
  });
});

describe('a schedule', () => {
  const WORK = { minuteOfDay: 8 * 60, days: [1, 2, 3, 4, 5], replicas: 8 };
  const NIGHT = { minuteOfDay: 20 * 60, days: [0, 1, 2, 3, 4, 5, 6], replicas: 1 };
  it.each([
    ['Wednesday 10:00', 3, 600, 8],
    ['Wednesday 08:00', 3, 480, 8],
    ['Wednesday 07:59', 3, 479, 1],
    ['Wednesday 23:00', 3, 1380, 1],
    ['Sunday noon', 0, 720, 1],
    ['Monday 09:00', 1, 540, 8],
  ])('on %s', (_, day, minute, replicas) => {
    expect(scheduledNow([WORK, NIGHT], day, minute)?.replicas).toBe(replicas);
  });

  it('wraps around the week, and is nothing without entries', () => {
    expect(scheduledNow([{ ...WORK, days: [6] }], 6, 100)?.replicas).toBe(8);
    expect(scheduledNow([], 0, 0)).toBeUndefined();
    expect(decideScale(policy({ schedule: [WORK] }), NO_MEMORY, sample({ replicas: 2 }))).toMatchObject({
      to: 8,
      reason: 'from 08:00 on 8 are scheduled',
    });
  });
});
