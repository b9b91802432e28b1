import { formatDuration } from '../app/formatDuration.ts';

/** A step's time: `40 ms`, `3.2 s`, `4 min 12 s`, `2 h 5 min`. */
export function formatStepTime(milliseconds: number): string {
  const whole = Math.max(0, milliseconds);
  if (whole < 1_000) return `${Math.round(whole)} ms`;
  if (whole < 10_000) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  if (whole < 60_000 || whole >= 3_600_000) return formatDuration(whole);
  const seconds = Math.floor(whole / 1_000) % 60;
  return seconds === 0 ? formatDuration(whole) : `${formatDuration(whole)} ${seconds} s`;
}
