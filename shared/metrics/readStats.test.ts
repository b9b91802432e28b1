import { describe, expect, it } from 'vitest';
import { readStats } from './readStats.ts';
import { scanStats } from './scanStats.ts';
import { StatsParser } from './StatsParser.ts';
import { DOCKER_V2, dockerV1, PODMAN } from './testStats.ts';

const MACHINE = 16_000_000_000;

describe('what an engine says of a container', () => {
  it('is understood of Docker on cgroup v1', () => {
    expect(readStats(JSON.parse(dockerV1({ periods: 10, throttled: 4, throttledNs: 5 })), MACHINE)).toEqual({
      readMs: Date.parse('2026-11-27T03:35:26.123Z'),
      cpuNs: 1_000_000_000,
      throttledNs: 5,
      periods: 10,
      throttledPeriods: 4,
      faults: 9,
      receivedBytes: 1_005,
      sentBytes: 26,
      readBytes: 4_196,
      writtenBytes: 8_192,
      memoryBytes: 6_000_000,
      memoryLimitBytes: 64_000_000,
      processes: 3,
    });
  });

  it('is understood on cgroup v2, without networks of its own, and with the machine as its limit', () => {
    const reading = readStats(DOCKER_V2, MACHINE);
    expect(reading).toMatchObject({
      cpuNs: 2_500_000_000,
      memoryBytes: 40_000_000,
      faults: 3,
      readBytes: 700,
      writtenBytes: 0,
      processes: 12,
    });
    expect(reading?.memoryLimitBytes).toBeNaN();
    expect(reading?.receivedBytes).toBeNaN();
  });

  it('is understood of Podman', () => {
    const reading = readStats(PODMAN, MACHINE);
    expect(reading).toMatchObject({
      readMs: Date.parse('2026-11-27T03:35:26.500Z'),
      memoryBytes: 3_000_000,
      receivedBytes: 300,
      writtenBytes: 22,
    });
    expect(reading?.faults).toBeNaN();
  });

  it('is nothing for a container that does not run, and for what is no answer at all', () => {
    expect(readStats({ ...DOCKER_V2, read: '0001-01-01T00:00:00Z' }, MACHINE)).toBeUndefined();
    expect(
      readStats({ ...DOCKER_V2, cpu_stats: { cpu_usage: { total_usage: 0 } } }, MACHINE),
    ).toBeUndefined();
    for (const answer of [null, 7, [], {}, { read: 5 }, { read: 'soon', cpu_stats: null }])
      expect(readStats(answer, MACHINE)).toBeUndefined();
  });

  it('says what is missing, never zero instead', () => {
    const reading = readStats(
      {
        read: DOCKER_V2.read,
        cpu_stats: { cpu_usage: { total_usage: 5 } },
        blkio_stats: { io_service_bytes_recursive: null },
      },
      MACHINE,
    );
    const { readMs: _, cpuNs, ...rest } = reading ?? {};
    expect(cpuNs).toBe(5);
    expect(Object.values(rest)).toHaveLength(11);
    for (const value of Object.values(rest)) expect(value).toBeNaN();
  });
});

describe('scanning', () => {
  it.each([
    ['cgroup v1', dockerV1({ periods: 10, throttled: 4, throttledNs: 5 })],
    ['cgroup v2', JSON.stringify(DOCKER_V2)],
    ['Podman', JSON.stringify(PODMAN)],
    ['no devices', JSON.stringify({ ...DOCKER_V2, blkio_stats: { io_service_bytes_recursive: [] } })],
  ])('finds the same as parsing: %s', (_, text) => {
    expect(scanStats(text, MACHINE)).toEqual(readStats(JSON.parse(text), MACHINE));
  });

  it('is given up for a stream whose layout makes it err', () => {
    const { cpu_stats: cpu, precpu_stats: before, ...rest } = DOCKER_V2;
    const lines = Array.from({ length: 5 }, (_, index) =>
      JSON.stringify({
        ...rest,
        // A number of the same name before the one that is meant.
        cpu_stats: { other: { total_usage: 1 }, ...cpu, cpu_usage: { total_usage: 1_000 + index } },
        precpu_stats: before,
        memory_stats: rest.memory_stats,
      }),
    );
    const parser = new StatsParser(MACHINE);
    expect(lines.map((line) => parser.parse(line)?.cpuNs)).toEqual([1_000, 1_001, 1_002, 1_003, 1_004]);
  });

  it('tells nothing of what is no JSON', () => {
    const parser = new StatsParser(MACHINE);
    expect(parser.parse('{"read":"2026-11')).toBeUndefined();
    expect(parser.parse(dockerV1())?.cpuNs).toBe(1_000_000_000);
  });
});
