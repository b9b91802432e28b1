import type { RunUsage } from '../domain/Run.ts';
import { metricWords } from '../metrics/metricWords.ts';

/** With less of their time looked at, numbers are called the least there was. */
const WHOLE = 0.99;

/** `12.3 core-s`, `≥ 12.3 core-s` where the end of it was not seen; hours from ten of them on. */
export function coreSecondsWords({ coreSeconds, seen }: Pick<RunUsage, 'coreSeconds' | 'seen'>): string {
  const isLong = coreSeconds >= 36_000;
  const value = isLong ? coreSeconds / 3_600 : coreSeconds;
  const words = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return `${seen < WHOLE ? '≥ ' : ''}${words} core-${isLong ? 'h' : 's'}`;
}

/** The highest seen, which may have been passed between two looks. */
export function peakMemoryWords({ peakMemoryBytes }: Pick<RunUsage, 'peakMemoryBytes'>): string {
  return metricWords(peakMemoryBytes, 'bytes');
}

/** How far the numbers reach, as a sentence without its end; undefined where that is to the end. */
export function seenWords({ seen }: Pick<RunUsage, 'seen'>): string | undefined {
  return seen < WHOLE
    ? `looked at for ${Math.floor(seen * 100)} % of the time; what was used after the last look is not in it`
    : undefined;
}
