import { describe, expect, it } from 'vitest';
import { cpusetOf, mostDisjoint } from './cpusets.ts';

describe('CPUs of workers', () => {
  it('are disjoint while they suffice, then shared in turn', () => {
    const pinning = { perWorker: 2, cpus: [0, 2, 4, 1, 3] };
    expect(mostDisjoint(pinning)).toBe(2);
    expect([1, 2, 3, 4, 5].map((index) => cpusetOf(pinning, index))).toEqual([
      '0,2',
      '4,1',
      '0,2',
      '4,1',
      '0,2',
    ]);
    expect(cpusetOf({ perWorker: 1, cpus: [7] }, 12)).toBe('7');
  });
});
