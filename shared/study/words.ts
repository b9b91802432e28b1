import type { Interval } from './median.ts';

/** Three significant digits, no exponent, no trailing zeros behind the point of whole numbers above 99. */
export function numberWords(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A time with its unit. */
export function timeWords(ms: number): string {
  return Math.abs(ms) < 1_000 ? `${numberWords(ms)} ms` : `${numberWords(ms / 1_000)} s`;
}

/** A share as a percentage: a decimal below ten, where it says something. */
export function percentWords(share: number): string {
  const percent = share * 100;
  const text = percent.toFixed(Math.abs(percent) < 9.95 ? 1 : 0);
  return `${text.replace(/\.0$/, '')} %`;
}

export function intervalWords({ low, high }: Interval, words: (value: number) => string): string {
  return `${words(low)}–${words(high)}`;
}

export function workersWords(count: number): string {
  return count === 1 ? '1 worker' : `${count} workers`;
}
