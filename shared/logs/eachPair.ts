import { readNumber } from './readNumber.ts';

/** Most pairs that are looked at in a line. */
const MAX_PAIRS = 200;
const STARTS_NAME = /[A-Za-z_]/;
/** What may stand before a name. `a.b?c=d` and `x!=3` are no pairs. */
const BEFORE_NAME = /[\s,;:()[\]{}|<>]/;
const NEXT_PAIR = /[,;][A-Za-z_][\w.-]*=/;
const BLANK = /\s/g;
/** What may follow a value, with what opens it: `x=[1]` keeps its bracket. */
const CLOSERS: readonly (readonly [string | undefined, string])[] = [
  [undefined, ','],
  [undefined, ';'],
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
];

/**
 * Calls `visit` for each `name=value` of the text in turn, until it answers true. Values in double quotes end at the quote (`\"` and `\\`
 * are read), others at a blank, without the comma, semicolon or bracket that follows them; number-like ones are numbers.
 */
export function eachPair(text: string, visit: (name: string, value: string | number) => boolean): void {
  let floor = 0;
  let count = 0;
  for (let equals = text.indexOf('='); equals !== -1; equals = text.indexOf('=', floor)) {
    const name = nameBefore(text, floor, equals);
    floor = equals + 1;
    if (name === '' || text[floor] === '=') continue;
    const quoteEnd = text[floor] === '"' ? closingQuote(text, floor + 1) : -1;
    let value: string | number;
    if (quoteEnd === -1) {
      const raw = rawValue(text, floor);
      floor += raw.length;
      value = numberOrText(withoutTrailing(raw));
    } else {
      value = text.slice(floor + 1, quoteEnd).replace(/\\(["\\])/g, '$1');
      floor = quoteEnd + 1;
    }
    count += 1;
    if (visit(name, value) || count >= MAX_PAIRS) return;
  }
}

/** The name that ends at `equals`; empty when there is none. */
function nameBefore(text: string, floor: number, equals: number): string {
  let from = equals;
  while (from > floor && isInName(text.charCodeAt(from - 1))) from -= 1;
  const isBegun = from === 0 || BEFORE_NAME.test(text[from - 1] as string);
  // The dashes of `--rank=3`.
  while (from < equals && text[from] === '-') from += 1;
  return isBegun && from < equals && STARTS_NAME.test(text[from] as string) ? text.slice(from, equals) : '';
}

/** ASCII letters, digits, `_`, `.` and `-`. */
function isInName(code: number): boolean {
  const lower = code | 0x20;
  return (
    (lower >= 0x61 && lower <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d
  );
}

/** Up to a blank, or to a comma with another pair behind it. */
function rawValue(text: string, from: number): string {
  BLANK.lastIndex = from;
  const raw = text.slice(from, BLANK.exec(text)?.index);
  const next = raw.search(NEXT_PAIR);
  return next === -1 ? raw : raw.slice(0, next);
}

/** Without what belongs to the sentence around: `loss=0.5,` and `(loss=0.5)`. */
function withoutTrailing(raw: string): string {
  if (!',;)]}>'.includes(raw.at(-1) ?? ' ')) return raw;
  const outside = CLOSERS.filter(([opener]) => opener === undefined || !raw.includes(opener)).map(
    ([, closer]) => closer,
  );
  let end = raw.length;
  while (end > 0 && outside.includes(raw[end - 1] as string)) end -= 1;
  return raw.slice(0, end);
}

function numberOrText(value: string): string | number {
  return readNumber(value) ?? readNumber(value.replace(/\.$/, '')) ?? value;
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}
