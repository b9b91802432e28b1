import { describe, expect, it } from 'vitest';
import { parseSince } from './parseSince.ts';

const NOW = Date.parse('2026-11-24T08:00:00Z');

describe('--since', () => {
  it.each([
    ['10m', NOW - 600_000],
    ['1h30m', NOW - 5_400_000],
    ['1.5s', NOW - 1_500],
    ['2d', NOW - 172_800_000],
    ['2026-11-24T08:00:00Z', NOW],
    ['2026-11-24T09:00:00.5+01:00', NOW + 500],
    ['1795507200', NOW],
    ['1795507200.25', NOW + 250],
  ])('%s', (text, ms) => expect(parseSince(text, NOW)).toBe(ms));

  it.each(['', 'yesterday', '10', '-5m', '2026-13-40', '5 m', '10m!', '2026-11-24T25:00:00Z'])(
    'refuses “%s” and says what it takes',
    (text) => expect(() => parseSince(text, NOW)).toThrow('this is no time'),
  );
});
