const ZERO = 0x30;
const SPACE = 0x20;
/** Length of `2026-11-24T08:00:00`. */
const SECONDS_LENGTH = 19;
const LONGEST = 40;

/**
 * Reads the RFC 3339 times that the engine puts in front of messages (`timestamps=1`), up to nine decimals, `Z` or an offset. Neighbouring
 * lines share their second nearly always, so the date is computed once per second.
 */
export class TimestampReader {
  /** Epoch microseconds, and the nanoseconds beyond: together exact, which one double is not. */
  micros = 0;
  nanos = 0;
  /** Index after the space that follows the time. */
  end = 0;
  readonly #second = new Uint8Array(SECONDS_LENGTH);
  #secondMicros = Number.NaN;

  /** True when a time and a space stand at `bytes[start]`; then `micros`, `nanos` and `end` tell of it. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start <= SECONDS_LENGTH) return false;
    const second = this.#second;
    for (let at = SECONDS_LENGTH - 1; at >= 0; at -= 1) {
      if (second[at] !== bytes[start + at]) {
        if (!this.#readSecond(bytes, start)) return false;
        break;
      }
    }
    let at = start + SECONDS_LENGTH;
    let decimals = 0;
    let fraction = 0;
    if (bytes[at] === 0x2e) {
      at += 1;
      for (; at < end && decimals < 9; at += 1) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        fraction = fraction * 10 + digit;
        decimals += 1;
      }
      for (let more = decimals; more < 9; more += 1) fraction *= 10;
    }
    let offsetMicros = 0;
    const zone = bytes[at];
    if (zone === 0x5a) at += 1;
    else if (zone === 0x2b || zone === 0x2d) {
      if (at + 6 > end || bytes[at + 3] !== 0x3a) return false;
      const hours = twoDigits(bytes, at + 1);
      const minutes = twoDigits(bytes, at + 4);
      if (hours < 0 || minutes < 0) return false;
      offsetMicros = (hours * 60 + minutes) * 60e6 * (zone === 0x2b ? 1 : -1);
      at += 6;
    } else return false;
    if (at >= end || bytes[at] !== SPACE) return false;
    const whole = Math.floor(fraction / 1000);
    this.micros = this.#secondMicros + whole - offsetMicros;
    this.nanos = fraction - whole * 1000;
    this.end = at + 1;
    return true;
  }

  #readSecond(bytes: Uint8Array, start: number): boolean {
    const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    const hour = twoDigits(bytes, start + 11);
    const minute = twoDigits(bytes, start + 14);
    const second = twoDigits(bytes, start + 17);
    const isShaped =
      bytes[start + 4] === 0x2d &&
      bytes[start + 7] === 0x2d &&
      bytes[start + 10] === 0x54 &&
      bytes[start + 13] === 0x3a &&
      bytes[start + 16] === 0x3a;
    if (!isShaped || year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
    this.#secondMicros = Date.UTC(year, month - 1, day, hour, minute, second) * 1000;
    this.#second.set(bytes.subarray(start, start + SECONDS_LENGTH));
    return true;
  }
}

/** Longest text that may have to be seen before a time is complete, in bytes. */
export const LONGEST_TIMESTAMP = LONGEST;

/** −1 where they are no digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1000 : tens * 10 + ones;
}

/** Epoch nanoseconds as a decimal string. */
export function nanosecondText(micros: number, nanos: number): string {
  return micros === 0 ? String(nanos) : `${micros}${String(nanos).padStart(3, '0')}`;
}

/** `since` as the engine takes it: seconds and nanoseconds. */
export function sinceText(micros: number, nanos: number): string {
  const seconds = Math.floor(micros / 1e6);
  return `${seconds}.${String(micros - seconds * 1e6).padStart(6, '0')}${String(nanos).padStart(3, '0')}`;
}
