import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGoDuration } from './formatGoDuration.ts';
import { parseGoDuration } from './parseGoDuration.ts';

describe('durations as Go has them', () => {
  it.each([
    ['90s', '1m30s'],
    ['1.5h', '1h30m0s'],
    ['1500ms', '1.5s'],
    ['10us', '10µs'],
    ['0', '0s'],
    ['-5s', '-5s'],
    ['1h1m1s1ms1us1ns', '1h1m1.001001001s'],
    ['999ns', '999ns'],
    ['.5m', '30s'],
  ])('%s is %s', (text, written) => expect(formatGoDuration(parseGoDuration(text) ?? -1n)).toBe(written));

  it.each(['', '5', '1d', 's', '1 s', '1h-1m', '9999999999h'])('%j is none', (text) =>
    expect(parseGoDuration(text)).toBeUndefined(),
  );

  it('reads what it writes', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toBe(nanoseconds);
      }),
    ));
});
