import { afterColours } from './afterColours.ts';
import { HIGHEST_LEVEL, LEVEL_WORDS } from './levelWords.ts';
import { afterWord, IS_WORD } from './wordBytes.ts';

const BAR = 0x7c;
const ANGLE = 0x3c;

/**
 * The level, in any case, that stands in the brackets that open at `at`: `[error]`, `[warn ]`, `<warn>`, `|info|`, coloured or not; else
 * 0. A colour sequence ends at `edge`, or the line begins.
 */
export function bracketedLevel(bytes: Uint8Array, at: number, edge: number, end: number): number {
  const open = bytes[at] as number;
  // `names[error]` and `Result<Error>` are no levels.
  if (open !== BAR && at > edge && IS_WORD[bytes[at - 1] as number] === 1) return 0;
  const from = afterColours(bytes, at + 1, end);
  const to = afterWord(bytes, from, end);
  const meaning = LEVEL_WORDS.find(bytes, from, to);
  if (meaning === 0 || meaning > HIGHEST_LEVEL) return 0;
  let next = afterColours(bytes, to, end);
  if (next >= end) return 0;
  if (open === BAR) return bytes[next] === BAR ? meaning : 0;
  if (open === ANGLE) return bytes[next] === 0x3e ? meaning : 0;
  while (next < end && bytes[next] === 0x20) next += 1;
  return next < end && bytes[next] === 0x5d ? meaning : 0;
}
