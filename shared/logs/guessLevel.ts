import { afterColours } from './afterColours.ts';
import { asciiBytes, standsAt } from './asciiBytes.ts';
import { bracketedLevel } from './bracketedLevel.ts';
import { headLevel } from './headLevel.ts';
import { ERROR, HIGHEST_LEVEL, LEVEL_WORDS, TRACEBACK } from './levelWords.ts';
import { valueLevel } from './valueLevel.ts';
import { afterWord, IS_WORD } from './wordBytes.ts';

/** Bytes of a line that are looked at; of a JSON line more, for its level may come after its message. */
const LOOKED_AT = 160;
const LOOKED_AT_JSON = 512;
/** What is found begins within what is looked at, and may end so far behind it. */
const BEYOND = 32;

const ESCAPE = 0x1b;
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
const COLON = 0x3a;
const EQUALS = 0x3d;
const CALL_LAST = asciiBytes(' (most recent call last)');

/** Bytes at which a level may be found. All others, nearly all of a line, are passed over quickly. */
const CAPITAL = 1;
const OPENING = 2;
const AFTER_KEY = 3;
const COLOUR = 4;
const TELLS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const letter = String.fromCharCode(byte);
  if (/[A-Z]/.test(letter)) return CAPITAL;
  if ('[<|'.includes(letter)) return OPENING;
  if ('="\''.includes(letter)) return AFTER_KEY;
  return byte === ESCAPE ? COLOUR : 0;
});

/**
 * The level that the line `bytes[start, end)` (UTF-8) gives itself, as an index into LOG_LEVELS; 0 when nothing tells. Believed are words in
 * capitals, words in brackets or before a colon at the head of the line, level fields, and how glog, syslog, Python, Go and Rust begin.
 * The first counts; in a JSON line the level field counts most. Runs on every line of a flood: no strings, nothing allocated.
 */
export function guessLevel(bytes: Uint8Array, start: number, end: number): number {
  const isJson = bytes[start] === OPEN_BRACE;
  const most = isJson ? LOOKED_AT_JSON : LOOKED_AT;
  const last = Math.min(end, bytes.length, start + most + BEYOND);
  const stop = Math.min(last, start + most);
  if (start >= stop) return 0;
  if (!isJson) {
    const level = headLevel(bytes, start, last);
    if (level !== 0) return level;
  }
  // What a JSON line says besides its level field.
  let hearsay = 0;
  // A word cannot begin before this: a colour sequence has ended here.
  let edge = start;
  let at = start;
  for (;;) {
    while (at < stop && TELLS[bytes[at] as number] === 0) at += 1;
    if (at >= stop) return hearsay;
    let level = 0;
    const kind = TELLS[bytes[at] as number];
    if (kind === CAPITAL) {
      const isWhole = at === edge || IS_WORD[bytes[at - 1] as number] === 0;
      const to = afterWord(bytes, at, last);
      if (isWhole) level = capitalLevel(bytes, at, to, last, isJson);
      at = to;
    } else if (kind === OPENING) {
      level = bracketedLevel(bytes, at, edge, last);
      at += 1;
    } else {
      level = valueLevel(bytes, at, edge, last, isJson);
      if (level !== 0 && isJson && bytes[at] === QUOTE) return level;
      if (kind === COLOUR) {
        const next = afterColours(bytes, at, stop);
        at = next === at ? at + 1 : next;
        edge = at;
      } else at += 1;
    }
    if (level !== 0) {
      if (!isJson) return level;
      if (hearsay === 0) hearsay = level;
    }
  }
}

/** The level that the word `bytes[from, to)`, which begins with a capital, tells; else 0. */
function capitalLevel(bytes: Uint8Array, from: number, to: number, end: number, isJson: boolean): number {
  const meaning = LEVEL_WORDS.find(bytes, from, to);
  if (meaning === 0) return 0;
  if (meaning === TRACEBACK) return standsAt(bytes, to, end, CALL_LAST) ? ERROR : 0;
  if (meaning > HIGHEST_LEVEL) return 0;
  for (let at = from; at < to; at += 1) if ((bytes[at] as number) >= 0x61) return 0;
  // `DEBUG=1` is a setting, `"ERROR":3` a field.
  const next = afterColours(bytes, to, end);
  if (next >= end) return meaning;
  if (bytes[next] === EQUALS) return 0;
  const isName = isJson && bytes[next] === QUOTE && next + 1 < end && bytes[next + 1] === COLON;
  return isName ? 0 : meaning;
}
