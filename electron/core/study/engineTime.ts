const SHAPE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** A time as engines write it (RFC 3339 with up to nine decimals) in nanoseconds since 1970; undefined for none, and for the year 1 of what did not happen. */
export function engineTime(text: string | undefined): bigint | undefined {
  const [, second = '', decimals = '', zone = ''] = SHAPE.exec(text ?? '') ?? [];
  const ms = Date.parse(`${second}${zone}`);
  if (!(ms > 0)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(decimals.padEnd(9, '0'));
}

/** The milliseconds between two such times. */
export function millisecondsBetween(begin: bigint, end: bigint): number {
  return Number(end - begin) / 1e6;
}
