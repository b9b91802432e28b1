import { describe, expect, it } from 'vitest';
import type { WorkerView } from '#shared/domain/AppView.ts';
import { sameWorkers } from './sameWorkers.ts';

const worker = (index: number, extras: Partial<WorkerView> = {}): WorkerView => ({
  key: `worker-${index}`,
  service: 'worker',
  index,
  phase: 'running',
  ports: ['80/tcp'],
  ...extras,
});

describe('sameWorkers', () => {
  it('keeps the list when an equal one comes', () => {
    const before = [worker(1), worker(2)];
    expect(sameWorkers(before, structuredClone(before))).toBe(before);
  });
  it.each<Partial<WorkerView>>([
    { phase: 'failed' },
    { health: 'unhealthy' },
    { ports: ['81/tcp'] },
    { ports: [] },
    { exitCode: 0 },
    { startedAt: 5 },
    { limits: { memoryBytes: 64, cpus: 0, pidsLimit: 0 } },
    { error: { code: 'engine-error', message: 'x' } },
  ])('replaces only the worker that changed: %j', (change) => {
    const before = [worker(1), worker(2)];
    const merged = sameWorkers(before, [worker(1), worker(2, change)]);
    expect(merged).not.toBe(before);
    expect(merged[0]).toBe(before[0]);
    expect(merged[1]).toEqual(worker(2, change));
  });
  it('sees order and length', () => {
    const before = [worker(1), worker(2)];
    expect(sameWorkers(before, [worker(2), worker(1)]).map((each) => each.key)).toEqual([
      'worker-2',
      'worker-1',
    ]);
    expect(sameWorkers(before, [worker(1)])).toHaveLength(1);
  });
});
