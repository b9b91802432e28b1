import { afterColours } from './afterColours.ts';
import { HIGHEST_LEVEL, LEVEL_KEY, LEVEL_WORDS } from './levelWords.ts';
import { afterWord, IS_WORD } from './wordBytes.ts';

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COLON = 0x3a;
const EQUALS = 0x3d;
const ZERO = 0x30;
const LONGEST_KEY = 9;
/** The last letters of the names that LEVEL_KEY stands for: this passes over most fields at once. */
const ENDS_KEY = Uint8Array.from({ length: 256 }, (_, byte) =>
  'lLyYeE'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
/** Bytes in front of a name that is none of the line's own fields: `--level=debug`, `/page?level=debug`. */
const IS_FOREIGN = Uint8Array.from({ length: 256 }, (_, byte) =>
  '-/?&%'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * The level of the field whose name ends before `to` (a quote, an equals sign or a colour), as an index into LOG_LEVELS: `level=warn`,
 * `level="warn"`, `"level": "warn"`, and, when `isNumbered`, pino's and bunyan's `"level":40`; else 0. The name begins at `edge` or after.
 */
export function valueLevel(
  bytes: Uint8Array,
  to: number,
  edge: number,
  end: number,
  isNumbered: boolean,
): number {
  if (to === edge || ENDS_KEY[bytes[to - 1] as number] === 0) return 0;
  let from = to;
  while (from > edge && to - from <= LONGEST_KEY && IS_WORD[bytes[from - 1] as number] === 1) from -= 1;
  if (LEVEL_WORDS.find(bytes, from, to) !== LEVEL_KEY) return 0;
  const isQuoted = isQuote(bytes[to] as number);
  let at: number;
  if (isQuoted) {
    at = afterBlanks(bytes, to + 1, end);
    if (at >= end || bytes[at] !== COLON) return 0;
    at = afterBlanks(bytes, at + 1, end);
  } else {
    at = afterColours(bytes, to, end);
    if (at >= end || bytes[at] !== EQUALS) return 0;
    if (from > edge && IS_FOREIGN[bytes[from - 1] as number] === 1) return 0;
    at = afterColours(bytes, at + 1, end);
  }
  if (at < end && isQuote(bytes[at] as number)) at = afterBlanks(bytes, at + 1, end);
  else if (isQuoted && isNumbered) {
    const level = numberedLevel(bytes, at, end);
    if (level !== 0) return level;
  }
  const meaning = LEVEL_WORDS.find(bytes, at, afterWord(bytes, at, end));
  return meaning <= HIGHEST_LEVEL ? meaning : 0;
}

/** 10 is trace, 60 is fatal. */
function numberedLevel(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end || bytes[at + 1] !== ZERO) return 0;
  const tens = (bytes[at] as number) - ZERO;
  const after = at + 2 < end ? (bytes[at + 2] as number) : 0;
  return tens >= 1 && tens <= HIGHEST_LEVEL && after !== 0x2e && IS_WORD[after] === 0 ? tens : 0;
}

function isQuote(byte: number): boolean {
  return byte === QUOTE || byte === APOSTROPHE;
}

function afterBlanks(bytes: Uint8Array, at: number, end: number): number {
  let next = afterColours(bytes, at, end);
  while (next < end && bytes[next] === 0x20) next = afterColours(bytes, next + 1, end);
  return next;
}
