import { stripVTControlCharacters } from 'node:util';
import type { ErrorShape } from '#shared/contract/errors.ts';

/** Where a command says what it has to say: results to standard output, everything else to standard error. */
export interface Output {
  readonly isJson: boolean;
  /** The command's one result: `value` as JSON, or the text for people. */
  result(value: unknown, text: string): void;
  /** One item of many, a line each. */
  line(value: unknown, text: string): void;
  /** Text as it is, with its newlines. */
  raw(text: string): void;
  /** What is amiss though the command goes on, on standard error. */
  warn(text: string): void;
  /** What goes on, for people only. */
  progress(text: string): void;
  /** A line of the work's own output, for people only: none is left out, also when it says the same again. */
  detail(text: string): void;
  error(error: ErrorShape): void;
}

export function createOutput(isJson: boolean): Output {
  let lastProgress = '';
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    isJson,
    result: (value, text) =>
      isJson
        ? write(JSON.stringify({ ok: true, ...(value as object) }))
        : text === ''
          ? undefined
          : write(text),
    line: (value, text) => write(isJson ? JSON.stringify(value) : text),
    raw: (text) => void process.stdout.write(text),
    warn: (text) => void process.stderr.write(`flotilla: ${text}\n`),
    progress(text) {
      if (isJson || text === '' || text === lastProgress) return;
      lastProgress = text;
      process.stderr.write(`${text}\n`);
    },
    detail(text) {
      if (isJson) return;
      // Builders colour what they print; a file or another program wants the words.
      process.stderr.write(`${process.stderr.isTTY ? text : stripVTControlCharacters(text)}\n`);
    },
    error(error) {
      if (isJson) write(JSON.stringify({ ok: false, error }));
      else
        process.stderr.write(
          `flotilla: ${error.message}\n${logOf(error)}${error.hint === undefined ? '' : `  ${error.hint}\n`}`,
        );
    },
  };
}

/** The lines of a container's log, or of a build's, that an error brings along. */
function logOf({ detail }: ErrorShape): string {
  const log = detail?.['log'];
  return Array.isArray(log) ? log.map((line) => `  | ${String(line)}\n`).join('') : '';
}
