import { describe, expect, it } from 'vitest';
import { parseCounts, usualCounts } from './parseCounts.ts';
import { logAxis, PLOT, shareAxis, xOf, yOf } from './plotGeometry.ts';

describe('worker counts', () => {
  it('are read however they are separated, each once, in order', () => {
    expect(parseCounts(' 4, 1 2;8,4 ')).toEqual([1, 2, 4, 8]);
  });

  it.each(['', ' , ', '0', '-1', '1.5', 'two', '1, x', '1001', '1e3'])('are none in “%s”', (text) =>
    expect(parseCounts(text)).toBeUndefined(),
  );

  it('are doublings up to the CPUs, and at least two of them', () => {
    expect(usualCounts(1)).toEqual([1, 2]);
    expect(usualCounts(2)).toEqual([1, 2]);
    expect(usualCounts(8)).toEqual([1, 2, 4, 8]);
    expect(usualCounts(12)).toEqual([1, 2, 4, 8, 12]);
  });
});

describe('axes', () => {
  it('of doublings hold all values, in steps of the same length', () => {
    const axis = logAxis([1, 3, 12]);
    expect(axis).toMatchObject({ low: 1, high: 16, ticks: [1, 2, 4, 8, 16] });
    expect(xOf(axis, 1)).toBeGreaterThan(PLOT.left);
    expect(xOf(axis, 16)).toBeLessThan(PLOT.width - PLOT.right);
    expect(xOf(axis, 4)).toBeCloseTo((xOf(axis, 1) + xOf(axis, 16)) / 2);
    expect(logAxis([0.3]).ticks).toEqual([0.25, 0.5, 1]);
    expect(logAxis([]).ticks).toEqual([1, 2]);
    expect(logAxis([1, 8]).high).toBe(8);
  });

  it('of shares go from 0 to 1.1, or to what is better than perfect', () => {
    expect(shareAxis(0.9)).toMatchObject({
      low: 0,
      high: 1.1,
      ticks: [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1].map((tick) => expect.closeTo(tick, 9) as number),
    });
    expect(shareAxis(1.7).high).toBeGreaterThanOrEqual(1.7);
    expect(yOf(shareAxis(1), 0)).toBe(PLOT.height - PLOT.bottom);
  });

  it('draw what lies outside at their ends', () => {
    const axis = logAxis([1, 8]);
    expect(yOf(axis, 0)).toBe(PLOT.height - PLOT.bottom);
    expect(yOf(axis, 1e9)).toBe(PLOT.top);
  });
});
