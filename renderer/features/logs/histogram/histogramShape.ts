import { LOG_LEVELS, type LogLevel } from '#shared/domain/LogLine.ts';
import type { LogHistogram } from '#shared/domain/LogView.ts';

/** A bucket with any warning or error is seen, however small its share. */
const LEAST_PX = 2;
const STANDS_OUT = new Set<LogLevel>(['warn', 'error', 'fatal']);

/** Lines of a bucket, all levels. */
export function bucketTotal(counts: readonly number[]): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** Bars of lines over time, stacked by level: one path a level, so that hundreds of bars are a handful of elements. */
export function stackPaths(
  histogram: LogHistogram,
  width: number,
  height: number,
): { level: LogLevel; path: string }[] {
  const { buckets } = histogram;
  const most = Math.max(1, ...buckets.map(bucketTotal));
  const step = width / Math.max(1, buckets.length);
  const gap = step >= 4 ? 1 : 0;
  const paths = LOG_LEVELS.map(() => '');
  for (const [index, counts] of buckets.entries()) {
    let y = height;
    for (const [at, level] of LOG_LEVELS.entries()) {
      const count = counts[at] ?? 0;
      if (count === 0) continue;
      const share = (count / most) * (height - 2);
      const px = Math.max(STANDS_OUT.has(level) ? LEAST_PX : 0.75, share);
      const top = Math.max(0, y - px);
      paths[at] +=
        `M${round(index * step)} ${round(top)}h${round(step - gap)}V${round(y)}h${round(gap - step)}z`;
      y = top;
    }
  }
  return LOG_LEVELS.map((level, at) => ({ level, path: paths[at] ?? '' })).filter(({ path }) => path !== '');
}

/** The moment a share (0 to 1) of the width stands for. */
export function timeAtShare(histogram: LogHistogram, share: number): number {
  return histogram.fromMs + Math.min(1, Math.max(0, share)) * (histogram.toMs - histogram.fromMs);
}

/** Share of the width of a moment, within 0 and 1. */
export function shareOfTime(histogram: LogHistogram, timeMs: number): number {
  const length = histogram.toMs - histogram.fromMs;
  return length <= 0 ? 0 : Math.min(1, Math.max(0, (timeMs - histogram.fromMs) / length));
}

/** The span of some buckets, both included; whole milliseconds. */
export function spanOfBuckets(
  histogram: LogHistogram,
  from: number,
  to: number,
): { fromMs: number; toMs: number } {
  const count = Math.max(1, histogram.buckets.length);
  const fromMs = Math.floor(timeAtShare(histogram, Math.min(from, to) / count));
  const toMs = Math.ceil(timeAtShare(histogram, (Math.max(from, to) + 1) / count));
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
