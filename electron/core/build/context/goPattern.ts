/**
 * Docker's ignore patterns in Go's terms: moby writes each as a Go regular expression, with quirks that projects rely on
 * (`**name` also matches `its-name`, `\d` is a digit). They are followed here to the letter.
 */

/** Tells of one cleaned pattern whether a path matches it; undefined when Docker would call the pattern malformed. */
export function compilePattern(pattern: string): ((path: string) => boolean) | undefined {
  if (!isWellFormed(Array.from(pattern))) return undefined;
  const { source, kind } = toGoExpression(pattern);
  if (kind === 'exact') return (path) => path === pattern;
  if (kind === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (kind === 'suffix') {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  const expression = toExpression(source);
  return expression === undefined ? undefined : (path) => expression.test(path);
}

/** The grammar of Go's `filepath.Match`. */
function isWellFormed(characters: string[]): boolean {
  for (let at = 0; at < characters.length; at += 1) {
    if (characters[at] === '\\') {
      at += 1;
      if (at >= characters.length) return false;
    } else if (characters[at] === '[') {
      const end = endOfClass(characters, at + 1);
      if (end === undefined) return false;
      at = end;
    }
  }
  return true;
}

function endOfClass(characters: string[], start: number): number | undefined {
  let at = characters[start] === '^' ? start + 1 : start;
  const take = (): boolean => {
    const character = characters[at];
    if (character === undefined || character === '-' || character === ']') return false;
    if (character === '\\') at += 1;
    at += 1;
    return at < characters.length;
  };
  for (let ranges = 0; characters[at] !== ']' || ranges === 0; ranges += 1) {
    if (!take()) return undefined;
    if (characters[at] !== '-') continue;
    at += 1;
    if (!take()) return undefined;
  }
  return at;
}

type Kind = 'exact' | 'prefix' | 'suffix' | 'expression';

/** Inside brackets too, `*` and `?` become what they are outside of them: so moby does it. */
function toGoExpression(pattern: string): { source: string; kind: Kind } {
  const characters = Array.from(pattern);
  let kind: Kind = 'exact';
  let source = '';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*' && characters[at + 1] === '*') {
      const isFirst = at === 0;
      at += characters[at + 2] === '/' ? 2 : 1;
      if (at + 1 >= characters.length) {
        if (kind === 'exact') kind = 'prefix';
        else {
          source += '.*';
          kind = 'expression';
        }
      } else {
        source += '(.*/)?';
        kind = 'expression';
      }
      if (isFirst) kind = 'suffix';
      continue;
    }
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '\\') {
      at += 1;
      source += `\\${characters[at] ?? ''}`;
    } else if ('.+()|{}$'.includes(character)) {
      source += `\\${character}`;
      continue;
    } else {
      source += character;
      if (character !== '[' && character !== ']') continue;
    }
    kind = 'expression';
  }
  return { source, kind };
}

/** Go's names for sets, as the inside of a JavaScript class. */
const SETS: Record<string, string> = {
  d: '0-9',
  s: '\\t\\n\\f\\r ',
  w: '0-9A-Za-z_',
};
const CONTROLS: Record<string, string> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const POSIX: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\u{0}-\\u{7F}',
  blank: '\\t ',
  cntrl: '\\u{0}-\\u{1F}\\u{7F}',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A Go regular expression, as far as a pattern can hold one, in JavaScript's syntax; undefined where Go refuses it. */
function toExpression(source: string): RegExp | undefined {
  const characters = Array.from(source);
  let body = '';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '\\') {
      at += 1;
      const found = outsideClass(characters[at] ?? '');
      if (found === undefined) return undefined;
      body += found;
    } else if (character === '[') {
      const found = readClass(characters, at + 1);
      if (found === undefined) return undefined;
      body += found.body;
      at = found.end;
    } else if (character === '.') body += '[^\\n]';
    else if (character === ']') body += '\\]';
    else body += character;
  }
  try {
    return new RegExp(`^${body}$`, 'u');
  } catch {
    return undefined;
  }
}

function outsideClass(character: string): string | undefined {
  if (character === 'A') return '^';
  if (character === 'z') return '$';
  if (character === 'b' || character === 'B') return `\\${character}`;
  const set = SETS[character.toLowerCase()];
  if (set !== undefined) return character === character.toLowerCase() ? `[${set}]` : `[^${set}]`;
  const single = escapedCharacter(character);
  return single === undefined ? undefined : literal(single);
}

/** What a backslash makes of one character; undefined: Go knows no such escape. */
function escapedCharacter(character: string): string | undefined {
  if (CONTROLS[character] !== undefined) return CONTROLS[character];
  return /^[\0-\x7f]$/.test(character) && !/[0-9A-Za-z]/.test(character) ? character : undefined;
}

const literal = (character: string): string =>
  /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
const inClass = (character: string): string => (/[\\^\-[\]]/.test(character) ? `\\${character}` : character);

function readClass(characters: string[], start: number): { body: string; end: number } | undefined {
  let at = start;
  let body = '[';
  if (characters[at] === '^') {
    body += '^';
    at += 1;
  }
  for (let isFirst = true; characters[at] !== ']' || isFirst; isFirst = false) {
    if (at >= characters.length) return undefined;
    if (characters[at] === '[' && characters[at + 1] === ':') {
      const end = characters.indexOf(':', at + 2);
      if (end !== -1 && characters[end + 1] === ']') {
        const name = characters.slice(at + 2, end).join('');
        const negated = name.startsWith('^');
        const set = POSIX[negated ? name.slice(1) : name];
        if (set === undefined) return undefined;
        body += negated ? complementOf(set) : set;
        at = end + 2;
        continue;
      }
    }
    const escaped = characters[at] === '\\' ? (characters[at + 1] ?? '') : undefined;
    const set = escaped === undefined ? undefined : SETS[escaped.toLowerCase()];
    if (set !== undefined && escaped !== undefined) {
      body += escaped === escaped.toLowerCase() ? set : complementOf(set);
      at += 2;
      continue;
    }
    const low = takeOne();
    if (low === undefined) return undefined;
    let high = low;
    if (characters[at] === '-' && characters[at + 1] !== ']' && at + 1 < characters.length) {
      at += 1;
      const taken = takeOne();
      if (taken === undefined) return undefined;
      high = taken;
    }
    if ((low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0)) return undefined;
    body += low === high ? inClass(low) : `${inClass(low)}-${inClass(high)}`;
  }
  return { body: `${body}]`, end: at };

  function takeOne(): string | undefined {
    const character = characters[at];
    if (character === undefined) return undefined;
    at += 1;
    if (character !== '\\') return character;
    const next = characters[at];
    at += 1;
    return next === undefined ? undefined : escapedCharacter(next);
  }
}

/** As the inside of a class: a set that is left out of everything. */
function complementOf(set: string): string {
  let from = 0;
  let body = '';
  for (const [low, high] of expandRanges(set)) {
    if (low > from) body += `\\u{${from.toString(16)}}-\\u{${(low - 1).toString(16)}}`;
    from = high + 1;
  }
  return `${body}\\u{${from.toString(16)}}-\\u{10FFFF}`;
}

function expandRanges(set: string): [number, number][] {
  const matcher = new RegExp(`[${set}]`, 'u');
  const ranges: [number, number][] = [];
  for (let code = 0; code < 128; code += 1) {
    if (!matcher.test(String.fromCodePoint(code))) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}
