/**
 * The value of a plain YAML scalar as the parser of `docker compose` (go-yaml v3) reads it: a bigint for a whole number, a
 * number for a float, else text. It differs from YAML 1.2 in octal numbers (`0777`, `0o17`), `_` in numbers and dates.
 */
export function plainScalar(source: string): string | bigint | number | boolean | null {
  if (['', '~', 'null', 'Null', 'NULL'].includes(source)) return null;
  if (['true', 'True', 'TRUE'].includes(source)) return true;
  if (['false', 'False', 'FALSE'].includes(source)) return false;
  if (/^[+-]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return Number.NaN;
  if (/^[+-]?[0-9.]/.test(source)) return numberOf(source) ?? dateOf(source) ?? source;
  return source;
}

function numberOf(source: string): bigint | number | undefined {
  const plain = source.replaceAll('_', '');
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(plain) ?? [];
  // No 64 bits take as many; making a bigint of millions of digits takes minutes.
  if (digits.length > 100 && /^\d+$/.test(digits)) return Number(plain);
  const unsigned = /^0[xX][0-9a-fA-F]+$|^0[oO][0-7]+$|^0[bB][01]+$/.test(digits)
    ? BigInt(digits.toLowerCase())
    : /^0[0-7]+$/.test(digits)
      ? BigInt(`0o${digits.slice(1)}`)
      : /^(?:0|[1-9][0-9]*)$/.test(digits)
        ? BigInt(digits)
        : undefined;
  if (unsigned !== undefined) {
    const whole = sign === '-' ? -unsigned : unsigned;
    // Beyond 64 bits it is read as a float.
    return whole >= -(2n ** 63n) && whole < 2n ** 64n ? whole : Number(plain);
  }
  return /^[+-]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]+)?$/.test(plain)
    ? Number(plain)
    : undefined;
}

/** Dates become the text that Go prints for them: `2020-01-01` is `2020-01-01 00:00:00 +0000 UTC`. */
function dateOf(source: string): string | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d\d):(\d\d)(\.\d+)?(?:Z)?)?$/.exec(
    source,
  );
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '0', minute = '00', second = '00', fraction = ''] = match;
  const time = new Date(`${year}-${two(month)}-${two(day)}T00:00:00Z`);
  if (Number.isNaN(time.getTime()) || time.getUTCDate() !== Number(day)) return undefined;
  const tail = fraction.replace(/\.?0+$/, '');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}:${second}${tail} +0000 UTC`;
}

function two(text: string): string {
  return text.padStart(2, '0');
}
