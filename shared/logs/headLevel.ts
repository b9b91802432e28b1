import { afterColours } from './afterColours.ts';
import { asciiBytes, standsAt } from './asciiBytes.ts';
import { CALENDAR_WORDS, FATAL, HIGHEST_LEVEL, LEVEL_WORDS, THREAD } from './levelWords.ts';
import { prefixLevel } from './prefixLevel.ts';
import { afterWord, IS_WORD } from './wordBytes.ts';

/** The longest time in front of a line's first word, in bytes. */
const LONGEST_TIME = 64;
/** A time has at least so many digits (`10:30`); fewer are a number that something is counted by. */
const FEWEST_DIGITS = 4;
const ESCAPE = 0x1b;
const COLON = 0x3a;
const DIGIT = 1;
const LETTER = 2;
const KINDS = IS_WORD.map((isWord, byte) =>
  isWord === 0 ? 0 : byte >= 0x30 && byte <= 0x39 ? DIGIT : LETTER,
);
const QUOTED_NAME = asciiBytes(" '");
const PANICKED = asciiBytes(' panicked at');

/**
 * The level that the line's beginning tells, as an index into LOG_LEVELS: a level's name in any case before a colon, at the line's start or
 * after a time; glog's and syslog's prefixes; `thread 'main' panicked at`. Else 0.
 */
export function headLevel(bytes: Uint8Array, start: number, end: number): number {
  let at = afterColours(bytes, start, end);
  const prefix = prefixLevel(bytes, at, end);
  if (prefix !== 0) return prefix;
  const stop = Math.min(end, start + LONGEST_TIME);
  let digits = 0;
  let isAfterDigit = false;
  while (at < stop) {
    const byte = bytes[at] as number;
    const kind = KINDS[byte];
    if (kind === DIGIT) digits += 1;
    else if (kind === LETTER) {
      // The T and the Z of `2026-11-24T08:00:00Z`, or the name of a month or a day.
      const next = at + 1 < end ? KINDS[bytes[at + 1] as number] : 0;
      const isMark = isAfterDigit && (byte === 0x54 || byte === 0x5a) && next !== LETTER;
      if (!isMark) {
        if (isAfterDigit) return 0;
        const to = afterWord(bytes, at, end);
        if (CALENDAR_WORDS.find(bytes, at, to) === 0)
          return digits === 0 || digits >= FEWEST_DIGITS ? wordLevel(bytes, at, to, end) : 0;
        at = to;
        continue;
      }
    } else if (byte === ESCAPE) {
      const next = afterColours(bytes, at, end);
      if (next > at) at = next - 1;
    }
    isAfterDigit = kind === DIGIT;
    at += 1;
  }
  return 0;
}

/** What the line's first word `bytes[from, to)` tells. */
function wordLevel(bytes: Uint8Array, from: number, to: number, end: number): number {
  const meaning = LEVEL_WORDS.find(bytes, from, to);
  if (meaning === 0) return 0;
  if (meaning === THREAD) {
    if (!standsAt(bytes, to, end, QUOTED_NAME)) return 0;
    for (let at = to; at < end; at += 1) if (standsAt(bytes, at, end, PANICKED)) return FATAL;
    return 0;
  }
  if (meaning > HIGHEST_LEVEL) return 0;
  const next = afterColours(bytes, to, end);
  if (next >= end || bytes[next] !== COLON) return 0;
  // `error::Kind` is a name of C++ or Rust.
  return next + 1 < end && bytes[next + 1] === COLON ? 0 : meaning;
}
