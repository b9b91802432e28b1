import { describe, expect, it } from 'vitest';
import { median, medianInterval } from './median.ts';
import { ratioInterval } from './ratioInterval.ts';
import { SeededRandom } from './SeededRandom.ts';
import { normal } from './testNoise.ts';

describe('the median and its interval', () => {
  it('is the middle one, or halfway between the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([-5])).toBe(-5);
    expect(median([7, 7, 7])).toBe(7);
  });

  it('is not made of nothing, or of what is no number', () => {
    expect(median([])).toBeUndefined();
    expect(median([1, Number.NaN, 2])).toBeUndefined();
    expect(median([1, Number.POSITIVE_INFINITY])).toBeUndefined();
    expect(medianInterval([1, 2, 3, 4, 5, 6, Number.NaN])).toBeUndefined();
  });

  it('has no 95 % interval below six values: five hold it with 93.75 % at most', () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined();
    expect(medianInterval([1, 2, 3, 4, 5, 6])).toBeDefined();
  });

  it('interpolates between the intervals of 98.4 % and 87.5 % that seven values have', () => {
    // Hettmansperger & Sheather: way = (0.984375 − 0.95)/(0.984375 − 0.875) = 0.3143; share = 6·way/(1 + 5·way) = 0.7333.
    const interval = medianInterval([10, 20, 30, 40, 50, 60, 70]);
    expect(interval?.low).toBeCloseTo(10 + 10 * (22 / 30), 6);
    expect(interval?.high).toBeCloseTo(70 - 10 * (22 / 30), 6);
  });

  it('of values that are all alike is that value', () => {
    expect(medianInterval([2, 2, 2, 2, 2, 2, 2])).toEqual({ low: 2, high: 2 });
  });
});

describe('intervals of ratios of medians', () => {
  const six = [1, 2, 3, 4, 5, 6];
  const random = (): SeededRandom => new SeededRandom(1);

  it('are the same for the same seed', () => {
    const times = [8.1, 8.3, 7.9, 8, 8.2, 8.4, 8];
    const other = [4.1, 4.2, 4, 4.3, 3.9, 4.1, 4];
    expect(ratioInterval(times, other, random())).toEqual(ratioInterval(times, other, random()));
    const interval = ratioInterval(times, other, random());
    expect(interval?.low).toBeGreaterThan(1.8);
    expect(interval?.low).toBeLessThan(2);
    expect(interval?.high).toBeGreaterThan(2);
    expect(interval?.high).toBeLessThan(2.15);
  });

  it('are not made of too few values, or of what is no time', () => {
    expect(ratioInterval(six, [1, 2, 3, 4, 5], random())).toBeUndefined();
    expect(ratioInterval([], [], random())).toBeUndefined();
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(ratioInterval(six, [...six, bad], random())).toBeUndefined();
  });

  it('of constant times have no width', () => {
    expect(ratioInterval([4, 4, 4, 4, 4, 4], [2, 2, 2, 2, 2, 2], random())).toEqual({ low: 2, high: 2 });
  });
});

describe('95 % intervals in simulation, seven repetitions', () => {
  const distributions: { name: string; draw: (random: SeededRandom) => number; truth: number }[] = [
    { name: 'normal', draw: (random) => 10 + 0.2 * normal(random), truth: 10 },
    { name: 'skewed', draw: (random) => 10 * Math.exp(0.1 * normal(random)), truth: 10 },
    { name: 'exponential', draw: (random) => 10 - Math.log(1 - random.next()), truth: 10 + Math.LN2 },
  ];

  it.each(distributions)('cover the true median of $name times with 93 to 97 percent', ({ draw, truth }) => {
    const random = new SeededRandom(95);
    let covered = 0;
    for (let each = 0; each < 10_000; each += 1) {
      const interval = medianInterval(Array.from({ length: 7 }, () => draw(random)));
      if (interval !== undefined && interval.low <= truth && interval.high >= truth) covered += 1;
    }
    expect(covered / 10_000).toBeGreaterThanOrEqual(0.93);
    expect(covered / 10_000).toBeLessThanOrEqual(0.97);
  });

  it.each(distributions)('cover the true speedup of $name times with 93 to 97 percent', ({ draw }) => {
    const random = new SeededRandom(13);
    let covered = 0;
    for (let each = 0; each < 500; each += 1) {
      const before = Array.from({ length: 7 }, () => 4 * draw(random));
      const after = Array.from({ length: 7 }, () => draw(random));
      const interval = ratioInterval(before, after, random);
      if (interval !== undefined && interval.low <= 4 && interval.high >= 4) covered += 1;
    }
    expect(covered / 500).toBeGreaterThanOrEqual(0.93);
    expect(covered / 500).toBeLessThanOrEqual(0.97);
  });
});
