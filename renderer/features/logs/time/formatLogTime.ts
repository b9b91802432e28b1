export const TIME_MODES = ['off', 'relative', 'local', 'utc'] as const;
export type TimeMode = (typeof TIME_MODES)[number];

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** `14:03:59.120` in local time or UTC, or `+83.402 s` since `zero`. Times are epoch milliseconds. */
export function formatLogTime(time: number, mode: TimeMode, zero: number | null): string {
  if (mode === 'off') return '';
  const date = new Date(time);
  if (mode === 'utc') return `${date.toISOString().slice(11, 23)}Z`;
  if (mode === 'local') {
    return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}`;
  }
  const seconds = (time - (zero ?? time)) / 1000;
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(3)} s`;
}

/** Date and time to the millisecond, local: for details and tooltips. */
export function formatFullTime(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)} ${formatLogTime(time, 'local', null)}`;
}
