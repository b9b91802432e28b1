const NANOSECONDS: Record<string, bigint> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Longer ones have too many digits for any length of time. */
const LONGEST = 100;

/** Nanoseconds of a duration such as `1m30s` or `1.5h` (Go, time.ParseDuration: every number but 0 has a unit); undefined when it is none. */
export function parseGoDuration(text: string): bigint | undefined {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0n;
  if (rest.length > LONGEST) return undefined;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of rest.matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const size = NANOSECONDS[unit] ?? 0n;
    total += BigInt(whole === '' ? '0' : whole) * size;
    if (fraction !== '')
      total += (BigInt(fraction.slice(0, 18)) * size) / 10n ** BigInt(Math.min(18, fraction.length));
  }
  if (total >= 2n ** 63n) return undefined;
  return sign === '-' ? -total : total;
}
