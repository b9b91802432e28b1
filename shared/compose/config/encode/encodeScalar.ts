import { parseBytes } from '../../quantities.ts';
import type { LocatedScalar } from '../../Located.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { parseFlag } from '../scalars/parseFlag.ts';
import { shortestFloat32 } from '../scalars/shortestFloat32.ts';
import type { ScalarShape } from '../shapes/Shape.ts';
import type { Json } from './Json.ts';
import { formatGoDuration } from './formatGoDuration.ts';
import { parseGoDuration } from './parseGoDuration.ts';
import { splitWords } from './splitWords.ts';

/** A scalar as compose writes it, and whether it is the zero of its kind; or what is wrong with it. */
export type EncodedScalar = { value: Json; isZero: boolean } | { problem: string; help: string };

/** Makes of a scalar what its place in the specification wants: `1.5g` is bytes, `90s` is `1m30s`. */
export function encodeScalar({ value }: LocatedScalar, { made }: ScalarShape): EncodedScalar {
  if (value === null) return { value: null, isZero: true };
  switch (made) {
    case 'text': {
      const text = formatScalar(value);
      return { value: text, isZero: text === '' };
    }
    case 'whole':
      return number(
        typeof value === 'string' && !/^[+-]?\d{1,19}$/.test(value) ? Number.NaN : Math.trunc(Number(value)),
        value,
      );
    case 'float':
      return number(Number(value), value);
    case 'float32':
      return number(shortestFloat32(Number(value)), value);
    case 'flag': {
      const flag = typeof value === 'boolean' ? value : parseFlag(formatScalar(value));
      return flag === undefined
        ? { problem: `“${formatScalar(value)}” is no flag`, help: 'Write true or false.' }
        : { value: flag, isZero: !flag };
    }
    case 'bytes':
      return bytes(value);
    case 'duration': {
      const duration = parseGoDuration(formatScalar(value));
      if (duration === undefined)
        return {
          problem: `“${formatScalar(value)}” is no duration`,
          help: 'Write numbers with units, as in 1m30s or 500ms.',
        };
      return { value: formatGoDuration(duration), isZero: duration === 0n };
    }
    case 'words': {
      const words = splitWords(formatScalar(value));
      return words === undefined
        ? {
            problem: 'this is no command line',
            help: 'A quote is not closed, or a parenthesis is not quoted.',
          }
        : { value: words, isZero: false };
    }
    case 'test':
      return { value: ['CMD-SHELL', formatScalar(value)], isZero: false };
    case 'raw':
      return { value: typeof value === 'bigint' ? Number(value) : value, isZero: false };
  }
}

function number(made: number, value: NonNullable<LocatedScalar['value']>): EncodedScalar {
  return Number.isNaN(made)
    ? { problem: `“${formatScalar(value)}” is no number`, help: 'Write a number.' }
    : { value: made, isZero: made === 0 };
}

/** Whole numbers are bytes, texts have units; a float such as 1e6 counts as nothing given, as in compose. */
function bytes(value: NonNullable<LocatedScalar['value']>): EncodedScalar {
  if (typeof value === 'number') return { value: '0', isZero: true };
  const size = typeof value === 'bigint' ? Number(value) : parseBytes(formatScalar(value));
  return size === undefined
    ? {
        problem: `“${formatScalar(value)}” is no size`,
        help: 'Write bytes, or a number with a unit as in 512m or 1.5g.',
      }
    : { value: String(size), isZero: size === 0 };
}
