import { FlotillaError } from '#shared/contract/errors.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment in epoch milliseconds: so long before `nowMs` (`90s`, `1h30m`, `2d`), an RFC 3339 date or time, or epoch seconds.
 * @throws FlotillaError `invalid-input` for anything else
 */
export function parseSince(text: string, nowMs: number): number {
  if (/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) {
    let back = 0;
    for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
      back += Number(amount) * (UNITS[unit ?? ''] ?? 0);
    return Math.max(0, nowMs - back);
  }
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) {
    const time = Date.parse(text.replace(' ', 'T'));
    if (!Number.isNaN(time)) return Math.max(0, time);
  }
  throw new FlotillaError('invalid-input', `--since ${text}: this is no time.`, {
    hint: 'For example 10m, 1h30m, 2026-11-24, 2026-11-24T08:00:00Z or epoch seconds.',
    detail: { usage: true },
  });
}
