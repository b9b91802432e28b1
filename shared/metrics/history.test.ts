import { describe, expect, it } from 'vitest';
import { METRICS } from '../domain/Metrics.ts';
import { gridOver, HistoryGrid } from './HistoryGrid.ts';
import { joinColumns, joinValues } from './joinValues.ts';
import { SampleRing } from './SampleRing.ts';
import { Thinner, type ThinRecord } from './Thinner.ts';

/** A sample with this many cores, a second long. */
function sample(atMs: number, cores: number, spanMs = 1_000) {
  const values = new Float64Array(METRICS.length).fill(Number.NaN);
  values[0] = cores;
  return { atMs, spanMs, values };
}

const inRing = (ring: SampleRing, fromMs = 0): number[][] => {
  const seen: number[][] = [];
  ring.eachSince(fromMs, (atMs, _, values) => seen.push([atMs, values[0] as number]));
  return seen;
};

describe('the ring of samples', () => {
  it('keeps the newest, in order', () => {
    const ring = new SampleRing(3);
    expect(ring.firstMs).toBeUndefined();
    for (let index = 1; index <= 5; index += 1) ring.push(sample(index * 1_000, index));
    expect(inRing(ring)).toEqual([
      [3_000, 3],
      [4_000, 4],
      [5_000, 5],
    ]);
    expect(inRing(ring, 4_000)).toEqual([[5_000, 5]]);
    expect([ring.firstMs, ring.lastMs, ring.length]).toEqual([3_000, 5_000, 3]);
  });

  it('grows up to its capacity, and is as it was in between', () => {
    const ring = new SampleRing(150);
    for (let index = 1; index <= 400; index += 1) {
      ring.push(sample(index * 1_000, index));
      const kept = Math.min(150, index);
      expect([ring.length, ring.firstMs]).toEqual([kept, (index - kept + 1) * 1_000]);
    }
    expect(inRing(ring)).toEqual(
      Array.from({ length: 150 }, (_, index) => [(251 + index) * 1_000, 251 + index]),
    );
  });

  it('drops what a clock that was set back has made untrue', () => {
    const ring = new SampleRing(8);
    for (const second of [1, 2, 3, 4]) ring.push(sample(second * 1_000, second));
    ring.push(sample(2_500, 9));
    expect(inRing(ring)).toEqual([
      [1_000, 1],
      [2_000, 2],
      [2_500, 9],
    ]);
  });
});

describe('thinning', () => {
  it('makes one record of ten seconds: least, mean by time, greatest', () => {
    const records: ThinRecord[] = [];
    const thinner = new Thinner(10_000, (record) => records.push(record));
    const add = ({ atMs, spanMs, values }: ReturnType<typeof sample>) => thinner.add(atMs, spanMs, values);
    add(sample(1_000, 4));
    add(sample(10_000, 1, 9_000));
    expect(records).toEqual([]);
    add(sample(11_000, 2));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ atMs: 10_000, spanMs: 10_000 });
    expect(records[0]?.mean[0]).toBeCloseTo(1.3, 6);
    expect([records[0]?.min[0], records[0]?.max[0]]).toEqual([1, 4]);
    expect(records[0]?.mean[1]).toBeNaN();
    thinner.flush();
    thinner.flush();
    expect(records.map(({ spanMs }) => spanMs)).toEqual([10_000, 1_000]);
  });
});

describe('the grid of a history', () => {
  it('has cells of a length that people know, as many as asked for at most', () => {
    expect(gridOver(0, 60_000, 60)).toEqual({ fromMs: 0, stepMs: 1_000, cells: 60 });
    expect(gridOver(500, 3_600_500, 300)).toEqual({ fromMs: 0, stepMs: 20_000, cells: 181 });
    expect(gridOver(0, 400 * 86_400_000, 100)).toMatchObject({ stepMs: 4 * 86_400_000, cells: 100 });
    expect(gridOver(5_000, 5_001, 10)).toEqual({ fromMs: 5_000, stepMs: 1_000, cells: 1 });
  });

  it('gives each cell the mean of what falls into it, and nothing where nothing was measured', () => {
    const grid = new HistoryGrid({ fromMs: 0, stepMs: 1_000, cells: 5 });
    const add = ({ atMs, spanMs, values }: ReturnType<typeof sample>) => grid.add(atMs, spanMs, values);
    add(sample(1_500, 2));
    add(sample(2_500, 4));
    const { means, peaks } = grid.columns();
    expect(means).toEqual({ cores: [2, 3, 4, null, null] });
    expect(peaks).toEqual({ cores: [2, 4, 4, null, null] });
  });

  it('takes a look after a long time for its own moment only', () => {
    const grid = new HistoryGrid({ fromMs: 0, stepMs: 100_000, cells: 6 });
    const { atMs, values } = sample(550_000, 1);
    grid.add(atMs, 400_000, values);
    expect(grid.columns().means.cores).toEqual([null, null, null, null, null, 1]);
  });
});

describe('values of several workers', () => {
  it('add up, or make a mean where a sum has no meaning; nothing of nothing', () => {
    expect(joinValues('cores', [1, null, 2.5, undefined, Number.NaN])).toBe(3.5);
    expect(joinValues('throttledPeriods', [0.5, null, 1])).toBe(0.75);
    expect(joinValues('memory', [null, undefined])).toBeNull();
    expect(joinColumns('cores', [[1, null], undefined, [2, null]], 2)).toEqual([3, null]);
  });
});
