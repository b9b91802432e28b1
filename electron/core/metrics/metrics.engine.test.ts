import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/streams.ts';
import { METRICS, type Metric, type MetricsRow, type MetricsState } from '#shared/domain/Metrics.ts';
import { findStragglers } from '#shared/metrics/findStragglers.ts';
import { stragglerInputs } from '#shared/metrics/stragglerInputs.ts';
import { createMetricsService } from './createMetricsService.ts';
import { MeasuringGate } from '../study/MeasuringGate.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
let appId: string;

const PATIENCE = { timeout: 90_000 };
const BASE = 'image: busybox:latest\n    init: true\n    stop_grace_period: 1s';
const compose = `services:
  burner:
    ${BASE}
    command: [sh, -c, "while :; do :; done"]
    cpus: 0.05
  keeper:
    ${BASE}
    command: [sleep, "1000"]
    mem_limit: 128m
    scale: 2
`;

beforeAll(async () => {
  test = await startTestCore();
  const app = await test.core.apps.open(test.project('metrics-real', { 'compose.yaml': compose }));
  appId = app.id;
  await test.core.apps.up(appId, {});
});
afterAll(async () => {
  await test.core.apps.down(appId, {});
  await test.dispose();
});

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** Opens a view and keeps what it tells, until it is closed. */
function look(pace: 'live' | 'hidden' = 'live', metrics = test.core.metrics, id = appId) {
  const abort = new AbortController();
  const rows: MetricsRow[] = [];
  const seen: { state?: MetricsState; viewId?: string } = {};
  const note = (item: StreamItem<'metrics'>): void => {
    if (item.kind === 'opened') seen.viewId = item.viewId;
    else if (item.kind === 'state') seen.state = item.state;
    else rows.push(...item.rows);
  };
  const ended = (async () => {
    for await (const items of metrics.watch({ appId: id, pace }, abort.signal)) items.forEach(note);
  })();
  const of = (worker: string, metric: Metric): (number | null)[] =>
    rows.filter((row) => row.worker === worker).map(({ values }) => values[METRICS.indexOf(metric)] ?? null);
  const close = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  closings.push(close);
  return { rows, seen, of, close };
}

/** Stats that the engine sends us now. */
const streams = (): string[] =>
  test.core.engine.liveStreams
    .list()
    .map(({ purpose }) => purpose)
    .filter((purpose) => purpose.startsWith('stats '))
    .sort();

describe('metrics on a real engine', () => {
  it('sees a CPU limit at work, memory that grows, processes; one stream a container, none when nobody looks', async () => {
    expect(streams()).toEqual([]);
    const first = look();
    const second = look();
    await expect.poll(() => first.of('burner-1', 'cores').length, PATIENCE).toBeGreaterThan(4);
    await expect.poll(() => second.of('keeper-2', 'cores').length, PATIENCE).toBeGreaterThan(2);
    expect(streams()).toEqual([
      'stats metrics-real-burner-1',
      'stats metrics-real-keeper-1',
      'stats metrics-real-keeper-2',
    ]);
    const mean = (values: (number | null)[]): number =>
      values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
    const cores = mean(first.of('burner-1', 'cores').slice(1));
    // So little is to be had on a busy machine, too.
    expect(cores).toBeGreaterThan(0.02);
    expect(cores).toBeLessThan(0.15);
    expect(mean(first.of('burner-1', 'throttledPeriods').slice(1))).toBeGreaterThan(0.05);
    expect(mean(first.of('burner-1', 'throttled').slice(1))).toBeGreaterThan(0.02);
    expect(first.of('keeper-1', 'throttled').every((value) => value === null)).toBe(true);
    expect(first.of('keeper-1', 'memoryLimit')[0]).toBe(128 * 1024 * 1024);
    expect(first.of('burner-1', 'memoryLimit')[0]).toBeNull();
    expect(first.of('burner-1', 'processes')[0]).toBeGreaterThanOrEqual(1);
    expect(first.seen.state?.workers.map(({ worker, state }) => `${worker} ${state}`)).toEqual([
      'burner-1 live',
      'keeper-1 live',
      'keeper-2 live',
    ]);

    const before = first.of('keeper-1', 'memory').at(-1) ?? Infinity;
    docker('exec', 'metrics-real-keeper-1', 'dd', 'if=/dev/zero', 'of=/dev/shm/x', 'bs=1M', 'count=20');
    await expect
      .poll(() => (first.of('keeper-1', 'memory').at(-1) ?? 0) - before, PATIENCE)
      .toBeGreaterThan(15_000_000);

    await second.close();
    expect(streams()).toHaveLength(3);
    // Out of sight: only what is seen is followed.
    test.core.metrics.attend({ viewId: first.seen.viewId ?? '', pace: 'live', inSight: ['burner-1'] });
    expect(streams()).toEqual(['stats metrics-real-burner-1']);
    test.core.metrics.attend({ viewId: first.seen.viewId ?? '', pace: 'hidden' });
    expect(streams()).toEqual([]);
    const known = first.rows.length;
    test.core.metrics.attend({ viewId: first.seen.viewId ?? '', pace: 'live' });
    await expect.poll(() => first.rows.length, PATIENCE).toBeGreaterThan(known + 3);
    await first.close();
    expect(streams()).toEqual([]);
    expect(() => test.core.metrics.attend({ viewId: first.seen.viewId ?? '', pace: 'live' })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('measures nothing beside a time that a study takes', async () => {
    const gate = new MeasuringGate(test.folder);
    const metrics = createMetricsService({ ...test.core, gate, folder: join(test.folder, 'gated') });
    const view = look('live', metrics);
    await expect.poll(() => streams()).toHaveLength(3);
    await gate.during(async () => {
      await expect.poll(streams).toEqual([]);
      await expect.poll(() => view.seen.state?.phase).toBe('study');
    });
    await expect.poll(() => view.seen.state?.phase).toBe('measuring');
    expect(streams()).toHaveLength(3);
    await view.close();
    await metrics.dispose();
    expect(streams()).toEqual([]);
  });

  it('keeps what it saw, over an end of the process', async () => {
    const history = await test.core.metrics.history({ appId, points: 60 });
    const burner = history.workers.find(({ worker }) => worker === 'burner-1');
    expect(burner?.service).toBe('burner');
    expect(burner?.means.cores?.filter((value) => value !== null).length).toBeGreaterThan(4);
    await test.restart();
    const again = await test.core.metrics.history({ appId, points: 60, metrics: ['cores'] });
    expect(again.workers.map(({ worker }) => worker)).toEqual(['burner-1', 'keeper-1', 'keeper-2']);
    expect(Object.keys(again.workers[0]?.means ?? {})).toEqual(['cores']);
  });

  it('names a worker that is killed for want of memory, and reads in logs how far the others are', async () => {
    const script =
      'if test $$WORKER_INDEX = 3; then while :; do tail /dev/zero; sleep 0.2; done; fi; n=0; while :; do n=$$((n+1)); echo progress: $$n/10000; sleep 0.2; done';
    const { id } = await test.core.apps.open(
      test.project('metrics-oom', {
        'compose.yaml': `services:
  team:
    ${BASE}
    command: [sh, -c, '${script}']
    mem_limit: 16m
    memswap_limit: 16m
    scale: 3
    x-flotilla: { role: worker, progress: true }
`,
      }),
    );
    await test.core.apps.up(id, {});
    try {
      const view = look('live', test.core.metrics, id);
      const slow = async (): Promise<string | undefined> => {
        const history = await test.core.metrics.history({ appId: id, lastMs: 60_000, points: 30 });
        const inputs = stragglerInputs(
          history,
          view.seen.state?.workers ?? [],
          test.core.apps.get(id).workers,
        );
        return findStragglers(inputs)[0]?.text;
      };
      await expect
        .poll(slow, { timeout: 60_000 })
        .toMatch(/^team-3 uses .*: the kernel has killed it (once|\d+ times) for want of memory\./);
      await expect.poll(() => view.of('team-1', 'progress').at(-1) ?? 0, PATIENCE).toBeGreaterThan(0);
      expect(view.of('team-1', 'progress').at(-1)).toBeLessThan(1);
      expect(view.of('team-3', 'progress').every((share) => share === null)).toBe(true);
      await view.close();
    } finally {
      await test.core.apps.down(id, {});
    }
  });

  it('goes on over a restart of a container, and stops with one that ends', async () => {
    const view = look();
    await expect.poll(() => view.of('burner-1', 'cores').length, PATIENCE).toBeGreaterThan(1);
    docker('restart', '-t', '0', 'metrics-real-burner-1');
    const known = view.of('burner-1', 'cores').length;
    await expect.poll(() => view.of('burner-1', 'cores').length, PATIENCE).toBeGreaterThan(known + 2);
    expect(view.of('burner-1', 'cores').every((value) => (value ?? 0) >= 0 && (value ?? 0) < 3)).toBe(true);
    docker('kill', 'metrics-real-burner-1');
    await expect
      .poll(() => view.seen.state?.workers.find(({ worker }) => worker === 'burner-1')?.state)
      .toBe('stopped');
    expect(streams()).toEqual(['stats metrics-real-keeper-1', 'stats metrics-real-keeper-2']);
    await view.close();
    expect(streams()).toEqual([]);
  });
});
