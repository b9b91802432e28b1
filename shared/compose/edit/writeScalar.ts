import { Plain } from './Written.ts';

export type ScalarStyle = 'plain' | 'single' | 'double';

/** Texts that some YAML reader takes for something else: numbers, times of day, flags, nothing (YAML 1.1 and 1.2). */
const NO_TEXT =
  /^(?:|~|null|true|false|y|n|yes|no|on|off|\.nan|[-+]?\.inf|[-+]?\.?\d[\d_.,:]*(?:e[-+]?\d+)?|[-+]?0[xob][\da-f_]+|\d{4}-\d\d?-\d\d?.*|<<|=)$/i;
/** What may stand without quotes inside of brackets as well. */
const PLAIN_IN_FLOW = /^[\w./$(^=;+\\][^\n\t,[\]{}]*$/;
const PLAIN_IN_BLOCK = /^(?:[\w./$(^=;+\\]|[-:?](?=[^\s]))[^\n\t]*$/;
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/;

/** A scalar on one line, in the wanted style where it can be told so without loss. */
export function writeScalar(value: string | Plain, style: ScalarStyle, inFlow: boolean): string {
  if (value instanceof Plain) {
    if (style === 'plain') return value.source;
    return style === 'single' ? `'${value.source}'` : `"${value.source}"`;
  }
  if (style === 'plain' && isPlainText(value, inFlow)) return value;
  if (style === 'single' && !value.includes('\n') && !value.includes('\t') && !UNPRINTABLE.test(value))
    return `'${value.replaceAll("'", "''")}'`;
  return doubleQuoted(value);
}

/** True for a text that reads as itself without quotes. */
function isPlainText(text: string, inFlow: boolean): boolean {
  return (
    (inFlow ? PLAIN_IN_FLOW : PLAIN_IN_BLOCK).test(text) &&
    !NO_TEXT.test(text) &&
    !/: |:$| #| $/.test(text) &&
    !(inFlow && text.includes(':')) &&
    !UNPRINTABLE.test(text) &&
    !/^(---|\.\.\.)/.test(text)
  );
}

function doubleQuoted(text: string): string {
  // Halves of pairs are written as JSON does; pairs stay what they are.
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A text of several lines as a literal block, without its indentation: the header and the lines. Undefined where a block would need more than
 * that to be read as it is.
 */
export function literalBlock(text: string): { header: string; lines: string[] } | undefined {
  if (!text.includes('\n') || UNPRINTABLE.test(text) || /^[ \n]|\t|[ ](?:\n|$)|\n\n$/.test(text))
    return undefined;
  const ends = text.endsWith('\n');
  return { header: ends ? '|' : '|-', lines: (ends ? text.slice(0, -1) : text).split('\n') };
}
