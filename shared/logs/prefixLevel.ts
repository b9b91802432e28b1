import { DEBUG, ERROR, FATAL, INFO, WARN } from './levelWords.ts';

/** By syslog's priority: emergency, alert, critical, error, warning, notice, info, debug. */
const PRIORITIES = Uint8Array.of(FATAL, FATAL, FATAL, ERROR, WARN, INFO, INFO, DEBUG);
const ZERO = 0x30;

/** The level that a line's first bytes are by their form, as an index into LOG_LEVELS: glog's `E1124 12:00:00` or syslog's `<3>`; else 0. */
export function prefixLevel(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return 0;
  const first = bytes[at] as number;
  if (first === 0x3c) {
    const priority = (bytes[at + 1] as number) - ZERO;
    return bytes[at + 2] === 0x3e && priority >= 0 && priority < 8 ? (PRIORITIES[priority] as number) : 0;
  }
  const level =
    first === 0x49 ? INFO : first === 0x57 ? WARN : first === 0x45 ? ERROR : first === 0x46 ? FATAL : 0;
  if (level === 0) return 0;
  // Month and day, in newer ones after the year; then a space, and the time.
  const space = afterDigits(bytes, at + 1, end, 9);
  if (space - at !== 5 && space - at !== 9) return 0;
  const hour = space + 1;
  if (hour + 2 >= end || bytes[space] !== 0x20 || bytes[hour + 2] !== 0x3a) return 0;
  return afterDigits(bytes, hour, end, 3) === hour + 2 ? level : 0;
}

/** Index after the digits at `at`, of which at most `most` are looked at. */
function afterDigits(bytes: Uint8Array, at: number, end: number, most: number): number {
  const stop = Math.min(end, at + most);
  let next = at;
  while (next < stop && (bytes[next] as number) >= ZERO && (bytes[next] as number) <= 0x39) next += 1;
  return next;
}
