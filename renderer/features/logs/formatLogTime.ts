export type TimeMode = 'off' | 'local' | 'relative';

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** `14:03:59.120` in local time, or `+83.402 s` since `zero`. Times are epoch milliseconds. */
export function formatLogTime(time: number, mode: TimeMode, zero: number | null): string {
  if (mode === 'off') return '';
  if (mode === 'local') {
    const date = new Date(time);
    return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}`;
  }
  const seconds = (time - (zero ?? time)) / 1000;
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(3)} s`;
}
