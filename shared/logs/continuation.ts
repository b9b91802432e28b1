import { asciiBytes, standsAt } from './asciiBytes.ts';
import { IS_WORD } from './wordBytes.ts';

const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;
const CAUSED_BY = asciiBytes('Caused by:');
const MORE = asciiBytes(' more');
const DOTS = asciiBytes('... ');
const AT = asciiBytes('at ');
const TRACEBACK = asciiBytes('Traceback (most recent call last):');
const DURING = asciiBytes('During handling of the above exception');
const DIRECT_CAUSE = asciiBytes('The above exception was the direct cause');
/** What the name of a function or an exception may hold besides letters and digits: `a.b.<init>`, `$proxy`. */
const IN_NAMES = new Set(asciiBytes('.$<>/#'));

/**
 * Whether the line `bytes[start, end)` by itself says that it continues the one before it, as the lines of a stack trace do: it is indented, or
 * is one of the lines that Java, JavaScript and Python put between the traces of a chain, or closes a bracket and nothing else.
 */
export function startsContinuation(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  switch (bytes[start]) {
    case SPACE:
    case TAB:
      return !isBlank(bytes, start, end);
    case 0x43: // C
      return standsAt(bytes, start, end, CAUSED_BY);
    case 0x44: // D
    case 0x54: // T
      return linksTracebacks(bytes, start, end);
    case 0x2e: // .
      return isMoreFrames(bytes, start, end);
    case 0x61: // a
      return isFrame(bytes, start, end);
    case 0x7d: // }
    case 0x5d: // ]
    case 0x29: {
      const after = start + 1 < end ? bytes[start + 1] : 0;
      const isListed = after === 0x2c || after === 0x3b;
      return isBlank(bytes, start + (isListed ? 2 : 1), end);
    }
    default:
      return false;
  }
}

/**
 * Follows the lines of one container and tells which continue the one before. Knows more than {@link startsContinuation}: the line that closes
 * a Python traceback (`ValueError: x`) is not indented, and blank lines stand between the tracebacks of a chain.
 */
export class TraceState {
  #phase: 'outside' | 'opened' | 'frames' | 'closed' | 'linked' = 'outside';

  /** Takes the next line, `bytes[start, end)`; true when it continues the line before it. */
  next(bytes: Uint8Array, start: number, end: number): boolean {
    const phase = this.#phase;
    if (phase === 'outside') {
      if (start < end && bytes[start] === 0x54 && standsAt(bytes, start, end, TRACEBACK))
        this.#phase = 'opened';
      return startsContinuation(bytes, start, end);
    }
    if (isBlank(bytes, start, end)) return phase !== 'opened' || this.#leave();
    if (standsAt(bytes, start, end, TRACEBACK)) {
      this.#phase = 'opened';
      return phase === 'linked';
    }
    if (phase === 'closed' || phase === 'linked') {
      const isLink = linksTracebacks(bytes, start, end);
      this.#phase = isLink ? 'linked' : 'outside';
      return isLink || startsContinuation(bytes, start, end);
    }
    if (bytes[start] === SPACE || bytes[start] === TAB) {
      this.#phase = 'frames';
      return true;
    }
    const isClosing = phase === 'frames' && isException(bytes, start, end);
    this.#phase = isClosing ? 'closed' : 'outside';
    return isClosing || startsContinuation(bytes, start, end);
  }

  #leave(): false {
    this.#phase = 'outside';
    return false;
  }
}

/** `ValueError: x`, `torch.cuda.OutOfMemoryError: …`, `KeyboardInterrupt`: a dotted name, then a colon or nothing. */
function isException(bytes: Uint8Array, start: number, end: number): boolean {
  const after = afterName(bytes, start, end);
  if (after === start) return false;
  return (after < end && bytes[after] === 0x3a) || isBlank(bytes, after, end);
}

function linksTracebacks(bytes: Uint8Array, start: number, end: number): boolean {
  return standsAt(bytes, start, end, DURING) || standsAt(bytes, start, end, DIRECT_CAUSE);
}

/** `... 12 more`, where Java leaves out the frames that two traces share. */
function isMoreFrames(bytes: Uint8Array, start: number, end: number): boolean {
  if (!standsAt(bytes, start, end, DOTS)) return false;
  const from = start + DOTS.length;
  let at = from;
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1;
  return at > from && standsAt(bytes, at, end, MORE);
}

/** `at com.example.Solver.run(Solver.java:12)`. */
function isFrame(bytes: Uint8Array, start: number, end: number): boolean {
  if (!standsAt(bytes, start, end, AT)) return false;
  const from = start + AT.length;
  const after = afterName(bytes, from, end);
  return after > from && after < end && bytes[after] === 0x28;
}

function afterName(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (IS_WORD[bytes[at] as number] === 1 || IN_NAMES.has(bytes[at] as number))) at += 1;
  return at;
}

function isBlank(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== RETURN) return false;
  }
  return true;
}
