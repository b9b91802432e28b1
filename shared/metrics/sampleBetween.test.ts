import { describe, expect, it } from 'vitest';
import type { Metric } from '../domain/Metrics.ts';
import { readStats } from './readStats.ts';
import { metricAt, sampleBetween } from './sampleBetween.ts';
import { DOCKER_V2, dockerV1 } from './testStats.ts';

const START = Date.parse('2026-11-27T03:00:00Z');

/** A reading so long after the start, heard `lateMs` later than its time says. */
function at(seconds: number, options: Parameters<typeof dockerV1>[0] = {}, lateMs = 0) {
  const read = new Date(START + seconds * 1000).toISOString();
  const reading = readStats(JSON.parse(dockerV1({ read, ...options })), 16e9);
  if (reading === undefined) throw new Error('no reading');
  return { reading, heardMs: seconds * 1000 + lateMs };
}

const of = (sample: ReturnType<typeof sampleBetween>, metric: Metric) => sample?.values[metricAt(metric)];

describe('what was used between two readings', () => {
  it('are means over the time between', () => {
    const sample = sampleBetween(
      at(10, { cpu: 1e9, periods: 100, throttled: 10, throttledNs: 1e9, received: 1_000 }),
      at(12, { cpu: 2e9, periods: 120, throttled: 25, throttledNs: 1.6e9, received: 5_000 }),
    );
    expect(sample).toMatchObject({ atMs: START + 12_000, spanMs: 2_000 });
    expect(of(sample, 'cores')).toBeCloseTo(0.5, 9);
    expect(of(sample, 'throttled')).toBeCloseTo(0.3, 9);
    expect(of(sample, 'throttledPeriods')).toBeCloseTo(0.75, 9);
    expect(of(sample, 'received')).toBe(2_000);
    expect(of(sample, 'sent')).toBe(0);
    expect(of(sample, 'memory')).toBe(6_000_000);
    expect(of(sample, 'gpu')).toBeNaN();
  });

  it('knows no throttling without a CPU limit, and none while nothing wanted to run', () => {
    const free = sampleBetween(at(0), at(1, { cpu: 2e9 }));
    expect(of(free, 'throttled')).toBeNaN();
    expect(of(free, 'throttledPeriods')).toBeNaN();
    const quiet = sampleBetween(at(0, { periods: 50, throttled: 5 }), at(1, { periods: 50, throttled: 5 }));
    expect(of(quiet, 'throttledPeriods')).toBe(0);
  });

  it('is nothing when the container was started anew, or the readings are the same', () => {
    expect(sampleBetween(at(0, { cpu: 9e9 }), at(1, { cpu: 1e8 }))).toBeUndefined();
    expect(sampleBetween(at(0), at(0))).toBeUndefined();
    expect(sampleBetween(at(0), at(0.05))).toBeUndefined();
  });

  it('leaves out what went back by itself, as the counters of a network that was left', () => {
    const sample = sampleBetween(at(0, { received: 5_000 }), at(1, { received: 10 }));
    expect(of(sample, 'received')).toBeNaN();
    expect(of(sample, 'sent')).toBe(0);
  });

  it('goes by our clock where the engine’s was set, forwards or back', () => {
    // An hour ahead within a second of ours.
    const ahead = sampleBetween(at(0, { cpu: 1e9 }), at(3_600, { cpu: 2e9 }, -3_599_000));
    expect(ahead?.spanMs).toBe(1_000);
    expect(of(ahead, 'cores')).toBeCloseTo(1, 9);
    const back = sampleBetween(at(3_600, { cpu: 1e9 }), at(0, { cpu: 2e9 }, 3_602_000));
    expect(back?.spanMs).toBe(2_000);
    expect(of(back, 'cores')).toBeCloseTo(0.5, 9);
    // What came late by half a second was measured on time.
    expect(sampleBetween(at(0), at(1, {}, 500))?.spanMs).toBe(1_000);
  });

  it('counts a device from its first use', () => {
    const blocks = (entries: object[]) => ({
      ...DOCKER_V2,
      blkio_stats: { io_service_bytes_recursive: entries },
    });
    const read = (answer: object, seconds: number) => {
      const reading = readStats({ ...answer, read: new Date(START + seconds * 1000).toISOString() }, 16e9);
      if (reading === undefined) throw new Error('no reading');
      return { reading, heardMs: seconds * 1000 };
    };
    const sample = sampleBetween(
      read(blocks([]), 0),
      read(
        blocks([
          { op: 'read', value: 4_000 },
          { op: 'write', value: 0 },
        ]),
        2,
      ),
    );
    expect(of(sample, 'read')).toBe(2_000);
    expect(of(sample, 'written')).toBe(0);
  });
});
