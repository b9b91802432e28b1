import type { MetricUnit } from '#shared/domain/Metrics.ts';
import { clock } from '../app/clock.ts';

const DAY_S = 86_400;
const MINUTE_S = 60;
const MOST_POWER = 50;

/** Steps between the marks of an axis: powers of two for bytes, whole numbers for what is counted. */
export function incrementsOf(unit: MetricUnit): number[] {
  if (unit === 'bytes' || unit === 'bytesPerSecond')
    return Array.from({ length: MOST_POWER }, (_, power) => 2 ** power);
  const least = unit === 'count' ? 0 : -2;
  return Array.from({ length: 14 }, (_, power) => power + least).flatMap((power) =>
    [1, 2, 5].map((digit) => digit * 10 ** power),
  );
}

/** The upper end of an axis: a little above the highest; of a share never above all; something, where nothing is used. */
export function topFor(most: number | null, unit: MetricUnit): number {
  const least = unit === 'bytes' || unit === 'bytesPerSecond' ? 1_024 : unit === 'cores' ? 0.1 : 1;
  if (unit === 'share') return 1;
  return Math.max(least, (most ?? 0) * 1.08);
}

/** As much of a moment as the marks differ in. `incrementS`: between two marks, seconds. */
export function timeLabel(atMs: number, incrementS: number): string {
  if (incrementS >= DAY_S)
    return new Date(atMs).toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  return incrementS >= MINUTE_S ? clock(atMs).slice(0, 5) : clock(atMs);
}
