import { FlotillaError } from '../contract/errors.ts';
import type { LogTerm } from './LogQuery.ts';

/**
 * The expression that finds a term in a line. Expressions are read with the flag `u`, or without it where they are valid only so (`\-`).
 * @throws FlotillaError `invalid-input` for an expression that is none
 */
export function compileExpression(term: LogTerm): RegExp {
  const { text, regex: isRegex = false, matchCase = false } = term;
  const flags = matchCase ? '' : 'i';
  if (!isRegex) {
    // Without `u` no other character counts as an ASCII letter, as the Kelvin sign would as k: a search of raw bytes agrees.
    const literal = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    return new RegExp(literal, isAscii(text) ? flags : `${flags}u`);
  }
  try {
    return new RegExp(text, `${flags}u`);
  } catch {
    try {
      return new RegExp(text, flags);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const reason = message.slice(message.lastIndexOf(': ') + 1).trim();
      throw new FlotillaError(
        'invalid-input',
        `“${text.slice(0, 200)}” is no regular expression: ${reason}.`,
        {
          hint: 'Put a backslash before characters that are meant as they are, such as ( [ * + ?, or search for the text in quotes.',
          cause: error,
        },
      );
    }
  }
}

/** True when every character is one byte of UTF-8. */
export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}
