import { expect, it } from 'vitest';
import { TokenBucket } from './TokenBucket.ts';

it('grants a burst, then so many a second, and says how long to wait', () => {
  let now = 0;
  const bucket = new TokenBucket(3, 2, () => now);
  expect([bucket.take(1), bucket.take(2), bucket.take(1)]).toEqual([0, 0, 500]);
  now = 250;
  expect(bucket.take(1)).toBe(250);
  now = 500;
  expect([bucket.take(1), bucket.take(1)]).toEqual([0, 500]);
  // It never holds more than its burst.
  now = 1e9;
  expect([bucket.take(4) > 0, bucket.take(3), bucket.take(1) > 0]).toEqual([true, 0, true]);
});
