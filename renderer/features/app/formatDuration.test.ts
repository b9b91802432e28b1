import { describe, expect, it } from 'vitest';
import { formatDuration, nextChangeAfter } from './formatDuration.ts';
import { sliderLimit } from './sliderLimit.ts';

describe('formatDuration', () => {
  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [97_200_000, '1 d 3 h'],
  ])('%d ms is %j', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
  it('wakes by the second in the first minute and by the minute after', () => {
    expect(nextChangeAfter(1500)).toBe(500);
    expect(nextChangeAfter(61_000)).toBe(59_000);
  });
});

describe('sliderLimit', () => {
  it('leaves room to double and never less than sixteen', () => {
    expect([0, 1, 8, 9, 16, 64, 600, 1000].map(sliderLimit)).toEqual([16, 16, 16, 20, 40, 200, 1000, 1000]);
  });
});
