import { describe, expect, it } from 'vitest';
import type { RunWorker } from '../domain/Run.ts';
import { readStats, type StatsReading } from '../metrics/readStats.ts';
import { dockerV1 } from '../metrics/testStats.ts';
import { totalUsage, usageByService } from './totalUsage.ts';
import { UsageTally } from './UsageTally.ts';
import { coreSecondsWords, peakMemoryWords, seenWords } from './usageWords.ts';

const whole = readStats(JSON.parse(dockerV1()), 1e12) as StatsReading;
const reading = (second: number, cpuSeconds: number, memoryBytes = 1e6): StatsReading => ({
  ...whole,
  readMs: second * 1e3,
  cpuNs: cpuSeconds * 1e9,
  memoryBytes,
});

describe('UsageTally', () => {
  it('counts over restarts, and keeps the highest memory', () => {
    const tally = new UsageTally();
    expect(tally.usage()).toBeUndefined();
    tally.note(reading(10, 2, 5e6));
    tally.note(reading(20, 3, 9e6));
    // Started again: the counter begins anew.
    tally.note(reading(30, 0.5, 4e6));
    tally.note(reading(40, 1.5, Number.NaN));
    expect(tally.usage()).toEqual({ coreSeconds: 4.5, peakMemoryBytes: 9e6, readAt: 40_000 });
    // The engine's clock was set back.
    tally.note(reading(5, 1.75));
    expect(tally.usage()).toMatchObject({ coreSeconds: 4.75, readAt: 40_000 });
  });

  it('goes on from what was written down, whether the container ran on meanwhile or began anew', () => {
    const before = { coreSeconds: 4, peakMemoryBytes: 9e6, readAt: 40_000 };
    const ranOn = new UsageTally(before);
    expect(ranOn.usage()).toEqual(before);
    ranOn.note(reading(50, 6));
    expect(ranOn.usage()).toEqual({ coreSeconds: 6, peakMemoryBytes: 9e6, readAt: 50_000 });
    const anew = new UsageTally(before);
    anew.note(reading(50, 1));
    anew.note(reading(60, 2));
    expect(anew.usage()).toMatchObject({ coreSeconds: 6 });
  });

  it('leaves out what a container used in the run before, also when it is taken up later', () => {
    const tally = new UsageTally(undefined, 10e9);
    tally.note(reading(10, 12));
    const kept = tally.usage();
    expect(kept).toMatchObject({ coreSeconds: 2, secondsBefore: 10 });
    const later = new UsageTally(kept);
    later.note(reading(20, 13));
    expect(later.usage()).toMatchObject({ coreSeconds: 3 });
    later.note(reading(30, 1));
    expect(later.usage()).toMatchObject({ coreSeconds: 4 });
  });
});

describe('totalUsage', () => {
  const worker = (service: string, change: Partial<RunWorker>): RunWorker => ({
    ...{ containerId: service, key: `${service}-1`, service, index: 1, imageId: 'i', startedAt: 1_000 },
    ...change,
  });

  it('adds up, and says how much of the time was looked at', () => {
    const workers = [
      worker('a', {
        finishedAt: 11_000,
        usage: { coreSeconds: 4, peakMemoryBytes: 5e6, readAt: 10_000 },
      }),
      worker('b', { finishedAt: 11_000, usage: { coreSeconds: 1.5, readAt: 11_500 } }),
      worker('b', { finishedAt: 2_000 }),
    ];
    // 9 + 10 + 0 seconds of 10 + 10 + 1.
    expect(totalUsage(workers)).toEqual({ coreSeconds: 5.5, peakMemoryBytes: 5e6, seen: 0.905 });
    expect(usageByService(workers).map(({ service, usage }) => [service, usage.coreSeconds])).toEqual([
      ['a', 4],
      ['b', 1.5],
    ]);
    expect(totalUsage([worker('a', { finishedAt: 2_000 })])).toBeUndefined();
    expect(totalUsage([worker('a', { usage: { coreSeconds: 1, readAt: 5_000 } })])?.seen).toBe(1);
    expect(totalUsage([worker('a', { lost: true, usage: { coreSeconds: 1, readAt: 5_000 } })])?.seen).toBe(0);
  });

  it('is told as the least there was where the end was not seen', () => {
    expect(coreSecondsWords({ coreSeconds: 12.34, seen: 0.9 })).toBe('≥ 12.3 core-s');
    expect(coreSecondsWords({ coreSeconds: 72_000, seen: 1 })).toBe('20.0 core-h');
    expect(peakMemoryWords({ peakMemoryBytes: 2 * 1024 ** 3 })).toBe('2.00 GiB');
    expect(peakMemoryWords({})).toBe('–');
    expect(seenWords({ seen: 1 })).toBeUndefined();
    expect(seenWords({ seen: 0.905 })).toMatch(/^looked at for 90 % of the time/);
  });
});
