import { describe, expect, it } from 'vitest';
import { bandAxis, logAxis, roundAxis, shareAxis, shareOf } from './axes.ts';

describe('axes of doublings', () => {
  it('hold all values, each doubling as long as the others', () => {
    expect(logAxis([1, 3, 12])).toMatchObject({ low: 1, high: 12, ticks: [1, 2, 4, 8] });
    expect([1, 4, 16].map((value) => shareOf(logAxis([1, 16]), value))).toEqual([0, 0.5, 1]);
    // A run a little slower than the median of the base case takes no halving of room.
    expect(logAxis([0.98, 4])).toMatchObject({ low: 0.98, high: 4, ticks: [1, 2, 4] });
    expect(logAxis([0.25]).ticks).toEqual([0.25, 0.5]);
    expect(logAxis([8])).toMatchObject({ low: 1, high: 8 });
  });

  it('have room for something where there is nothing that can be drawn', () => {
    expect(logAxis([]).ticks).toEqual([1, 2]);
    expect(logAxis([0, -1, Number.NaN, Number.POSITIVE_INFINITY]).ticks).toEqual([1, 2]);
  });
});

describe('axes of shares', () => {
  it('go from 0 to 1.1, or to what is better than perfect', () => {
    expect(shareAxis(0.9)).toMatchObject({ low: 0, high: 1.1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] });
    expect(shareAxis(1.7).high).toBeCloseTo(1.8);
    expect(shareAxis(Number.NaN).high).toBe(1.1);
    expect(shareAxis(40).ticks.length).toBeLessThan(10);
  });
});

describe('axes of round steps', () => {
  it('begin at 0, or below where something is negative', () => {
    expect(roundAxis([3.1, 0.4]).ticks).toEqual([0, 1, 2, 3, 4]);
    expect(roundAxis([0.12, -0.03]).ticks).toEqual([-0.05, 0, 0.05, 0.1, 0.15]);
    expect(roundAxis([0.00031]).ticks).toEqual([0, 0.0001, 0.0002, 0.0003, 0.0004]);
    expect(roundAxis([120_000]).high).toBe(150_000);
    expect(roundAxis([]).ticks.length).toBeGreaterThan(1);
  });
});

describe('places on an axis', () => {
  it('are at its ends for what lies outside, and for what is no number', () => {
    const axis = logAxis([1, 8]);
    expect([0, 1e9, Number.NaN].map((value) => shareOf(axis, value))).toEqual([0, 1, 0]);
  });

  it('are bands, as wide as each other, with borders between them', () => {
    const axis = bandAxis([1, 2, 16]);
    expect([1, 2, 16].map((value) => shareOf(axis, value))).toEqual([0.5 / 3, 1.5 / 3, 2.5 / 3]);
    expect(shareOf(axis, 4)).toBeCloseTo(2 / 3);
  });
});
