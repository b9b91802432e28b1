import { interpolate } from './interpolate.ts';

/** Lines that use those before them could double a text with each line. */
const LONGEST_VALUE = 64 * 1024;

const SHAPE = /^(?:export\s+)?([\w.\-[\]]+)\s*(?:[=:]\s*(.*))?$/s;

/** Finds a variable that a line refers to or names without a value. */
export type EnvLookup = (name: string) => string | undefined;

/**
 * Variables of a `.env` file: `NAME=value`, an optional `export`, `#` comments, single quotes (literal) and double quotes (with \n, \t, \", \\), which may
 * span lines. Lines that are none of this are told by number.
 * `NAME: value` is taken too, as compose does.
 * @param lookup values (not in single quotes) may hold `${NAME}`, found here or in lines before; a name without a value takes the one found here
 */
export function readEnvFile(
  text: string,
  lookup: EnvLookup,
): { variables: Map<string, string>; badLines: number[] } {
  const variables = new Map<string, string>();
  const badLines: number[] = [];
  const known = (name: string) => lookup(name) ?? variables.get(name);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    // Blanks at the end of a line may be inside of quotes.
    const line = (lines[at] ?? '').trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const match = line.length > LONGEST_VALUE ? null : SHAPE.exec(line);
    if (match === null) {
      badLines.push(at + 1);
      continue;
    }
    const [, name = '', raw] = match;
    if (raw === undefined) {
      // A name without a value would be taken from the environment, which is ours to pass on only where we were given one.
      const found = lookup(name);
      if (found !== undefined) variables.set(name, found);
      continue;
    }
    const first = at;
    const set = (value: string, isLiteral: boolean): void => {
      const filled = isLiteral ? value : fill(value, known);
      if (filled === undefined || filled.length > LONGEST_VALUE) badLines.push(first + 1);
      else variables.set(name, filled);
    };
    const quote = raw[0];
    if (quote !== '"' && quote !== "'") {
      set(raw.replace(/\s+#.*$/, '').trim(), false);
      continue;
    }
    // Line by line, so that a quote nobody closes is looked for once.
    const parts = [raw.slice(1)];
    let end = closingQuote(parts[0] ?? '', quote);
    while (end === -1 && at + 1 < lines.length) {
      at += 1;
      const next = lines[at] ?? '';
      parts.push(next);
      end = closingQuote(next, quote);
    }
    if (end === -1) {
      badLines.push(first + 1);
      at = first;
      continue;
    }
    const last = parts.pop() ?? '';
    const inner = [...parts, last.slice(0, end)].join('\n');
    // What follows the quote is read like a line of its own, as compose does: nothing, a comment, or another variable.
    const rest = last.slice(end + 1);
    set(
      quote === "'"
        ? inner
        : // An escaped dollar sign stays one when variables are filled in.
          inner.replace(
            /\\([nrt"\\$])/g,
            (_, letter: string) => ({ n: '\n', r: '\r', t: '\t', $: '$$' })[letter] ?? letter,
          ),
      quote === "'",
    );
    if (rest.trim() !== '') {
      lines[at] = rest;
      at -= 1;
    }
  }
  return { variables, badLines };
}

/** Undefined where the value holds a form that is no variable, or one that must be set. */
function fill(value: string, lookup: EnvLookup): string | undefined {
  if (!value.includes('$')) return value;
  const { text, errors } = interpolate(value, { get: lookup });
  return errors.length === 0 ? text : undefined;
}

function closingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}
