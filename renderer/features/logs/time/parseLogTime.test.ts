import { describe, expect, it } from 'vitest';
import { parseLogTime } from './parseLogTime.ts';

const local = (...parts: [number, number, number, number, number, number?, number?]) =>
  new Date(...parts).getTime();
const firstMs = local(2026, 2, 1, 22, 0, 0, 0);
const lastMs = local(2026, 2, 2, 14, 30, 0, 0);
const nowMs = local(2026, 2, 2, 15, 0, 0, 0);
const read = (text: string) => parseLogTime(text, { nowMs, firstMs, lastMs });

describe('parseLogTime', () => {
  it.each([
    ['14:03', local(2026, 2, 2, 14, 3)],
    ['14:03:59', local(2026, 2, 2, 14, 3, 59)],
    [' 14:03:59.12 ', local(2026, 2, 2, 14, 3, 59, 120)],
    ['9:05:01,250', local(2026, 2, 2, 9, 5, 1, 250)],
    // Not yet reached today: the evening before, where the log begins.
    ['23:15', local(2026, 2, 1, 23, 15)],
    ['2026-03-01T22:10:00Z', Date.UTC(2026, 2, 1, 22, 10)],
    ['2026-03-01 22:10:00.123456789', local(2026, 2, 1, 22, 10, 0, 123)],
    ['2026-03-02', local(2026, 2, 2, 0, 0)],
    ['-5m', nowMs - 300_000],
    ['−90s', nowMs - 90_000],
    ['+83.4s', firstMs + 83_400],
    ['+250ms', firstMs + 250],
    ['+2h', firstMs + 7_200_000],
  ])('%j', (text, wanted) => {
    expect(read(text)).toBe(wanted);
  });

  it.each([
    '',
    'noon',
    '25:00',
    '12:60',
    '12:00:61',
    '5m',
    '+5',
    '-m',
    '2026-13-01',
    '2026-03-01T99:00',
    '14:03:59.1234',
  ])('%j is no time', (text) => {
    expect(read(text)).toBeNull();
  });
});
