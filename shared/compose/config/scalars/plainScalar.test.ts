import { describe, expect, it } from 'vitest';
import { formatScalar } from './formatScalar.ts';
import { plainScalar } from './plainScalar.ts';

describe('plain scalars as compose reads them', () => {
  it.each<[string, ReturnType<typeof plainScalar>]>([
    ['5', 5n],
    ['+5', 5n],
    ['-1_000', -1000n],
    ['0777', 511n],
    ['0o17', 15n],
    ['0x1F', 31n],
    ['0b11', 3n],
    ['08', 8],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['18446744073709551616', 18446744073709552000],
    ['yes', 'yes'],
    ['12:30', '12:30'],
    ['1.2.3', '1.2.3'],
    ['2020-02-30', '2020-02-30'],
    ['2020-1-2', '2020-01-02 00:00:00 +0000 UTC'],
    ['2020-01-02T03:04:05.60Z', '2020-01-02 03:04:05.6 +0000 UTC'],
    ['~', null],
    ['', null],
    ['True', true],
    ['FALSE', false],
    ['-.inf', -Infinity],
  ])('“%s”', (source, value) => expect(plainScalar(source)).toBe(value));

  it.each<[string | number | bigint | boolean, string]>([
    [1e6, '1e+06'],
    [123456, '123456'],
    [1234567.5, '1.2345675e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [5n, '5'],
    [0, '0'],
    [-0.5, '-0.5'],
    [Infinity, '+Inf'],
    [true, 'true'],
  ])('%s is written %s', (value, text) => expect(formatScalar(value)).toBe(text));
});
