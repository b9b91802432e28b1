/** What a text is read against. Epoch milliseconds. */
export interface TimeContext {
  nowMs: number;
  /** Of the first line: zero of `+83.4s`. */
  firstMs: number | null;
  lastMs: number | null;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment as people write it: `14:03`, `14:03:59.120` (local, on the last line's day), an ISO date-time,
 * `-5m` before now, `+83.4s` after the first line. Null where it is none of these.
 */
export function parseLogTime(text: string, context: TimeContext): number | null {
  const typed = text.trim().replace('−', '-');
  const distance = /^([+-])\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/i.exec(typed);
  if (distance) {
    const [, sign, amount = '', unit = ''] = distance;
    const distanceMs = Number(amount) * (UNIT_MS[unit.toLowerCase()] ?? 1000);
    return sign === '+' ? (context.firstMs ?? context.nowMs) + distanceMs : context.nowMs - distanceMs;
  }
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/.exec(typed);
  if (clock) {
    const [, hours = '', minutes = '', seconds = '0', fraction = '0'] = clock;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
    const day = new Date(context.lastMs ?? context.nowMs);
    day.setHours(Number(hours), Number(minutes), Number(seconds), Number(fraction.padEnd(3, '0')));
    // After the last line: the day before is meant, where the log reaches back that far.
    if (context.lastMs !== null && day.getTime() > context.lastMs) {
      const before = new Date(day);
      before.setDate(before.getDate() - 1);
      if (context.firstMs !== null && before.getTime() >= context.firstMs) return before.getTime();
    }
    return day.getTime();
  }
  if (
    /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i.test(typed)
  ) {
    const iso = typed
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/(\.\d{3})\d+/, '$1');
    // A bare date is midnight here, not in Greenwich.
    const ms = Date.parse(iso.length === 10 ? `${iso}T00:00` : iso);
    return Number.isNaN(ms) || ms < 0 ? null : ms;
  }
  return null;
}
