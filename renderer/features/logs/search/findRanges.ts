import type { LogTerm } from '#shared/logs/LogQuery.ts';

/** From (included) and to (excluded), in UTF-16 units. */
export interface TextRange {
  from: number;
  to: number;
}

/** More places than this in one line tell nobody anything. */
const MOST_RANGES = 500;
const compiled = new WeakMap<LogTerm, RegExp | null>();

/** The expression of a term; null where it does not compile. */
export function termExpression(term: LogTerm): RegExp | null {
  const known = compiled.get(term);
  if (known !== undefined) return known;
  const source = term.regex === true ? term.text : term.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  let expression: RegExp | null = null;
  try {
    expression = term.text === '' ? null : new RegExp(source, term.matchCase === true ? 'gu' : 'giu');
  } catch {
    expression = null;
  }
  compiled.set(term, expression);
  return expression;
}

/** Where a term stands in a text, in order, without empty places. */
export function findRanges(text: string, term: LogTerm): TextRange[] {
  const expression = termExpression(term);
  if (!expression) return [];
  const ranges: TextRange[] = [];
  expression.lastIndex = 0;
  for (let found = expression.exec(text); found !== null; found = expression.exec(text)) {
    if (found[0] === '') expression.lastIndex += 1;
    else ranges.push({ from: found.index, to: found.index + found[0].length });
    if (ranges.length >= MOST_RANGES) break;
  }
  return ranges;
}

/**
 * Whether an expression could take for ever on some line: a repetition within a repetition. A guess on the safe side,
 * for expressions that run in the window; those of filter and search run on the privileged side, under a time limit.
 */
export function isRiskyExpression(source: string): boolean {
  const plain = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return /\([^()]*[*+}][^()]*\)\s*[*+{]/.test(plain) || /\((?:[^()]*\([^()]*\))+[^()]*\)\s*[*+{]/.test(plain);
}
