import type { Located } from './Located.ts';
import type { SourceText } from './SourceText.ts';

/** Where a text that a compose file holds stands in it, line by line. */
export interface InlineBlock {
  /** 1-based, of the compose file: where the text's first line stands. */
  firstLine: number;
  /** UTF-16 units in front of each of its lines. */
  indent: number;
  /** The text's lines. */
  lines: readonly string[];
}

/**
 * Where the text of a value stands; undefined where its lines are not those of the file: folded, in quotes with `\n`, or with a variable
 * that fills in lines. Lines in which variables are filled in read differently in the file, but are in their place.
 */
export function inlineBlock(node: Located, source: SourceText, text: string): InlineBlock | undefined {
  const lines = text.split('\n');
  const from = source.range(node.start, node.start);
  const to = source.range(node.end, node.end);
  if (source.text[node.start] !== '|') {
    const isOneLine = lines.length === 1 && from.line === to.line;
    const quote = /["']/.test(source.text[node.start] ?? '') ? 1 : 0;
    return isOneLine ? { firstLine: from.line, indent: from.column - 1 + quote, lines } : undefined;
  }
  const firstLine = from.line + 1;
  const written: string[] = [];
  for (let line = firstLine; line <= (to.column === 1 ? to.line - 1 : to.line); line += 1)
    written.push(source.line(line));
  if (filled(written) !== filled(lines)) return undefined;
  const at = lines.findIndex((line, index) => {
    const whole = written[index] ?? '';
    // What stands in front may also be a variable that is empty.
    return line.trim() !== '' && whole.endsWith(line) && whole.slice(0, -line.length).trim() === '';
  });
  const first = at === -1 ? written.find((line) => line.trim() !== '') : undefined;
  const indent =
    at === -1 ? (first ?? '').search(/\S|$/) : (written[at]?.length ?? 0) - (lines[at]?.length ?? 0);
  return { firstLine, indent, lines };
}

/** How many lines there are, without empty ones at the end. */
function filled(lines: readonly string[]): number {
  return lines.findLastIndex((line) => line.trim() !== '') + 1;
}
