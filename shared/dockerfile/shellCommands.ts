import type { InstructionParts, Word } from './instructionParts.ts';

/** One command of a RUN line, e.g. `apt-get install -y gcc`. */
export interface ShellCommand {
  /** The program, without folder: after `sudo`, `env` and variables set for it. */
  program: string;
  /** What follows the program. */
  args: Word[];
  /** All of it as written, variables and `sudo` included. */
  words: Word[];
  start: number;
  end: number;
}

/** The commands of a RUN in its shell form; none for its exec form. Quotes are kept together, nothing is expanded. */
export function shellCommands(parts: InstructionParts): ShellCommand[] {
  if (parts.isExec) return [];
  const commands: ShellCommand[] = [];
  let words: Word[] = [];
  let from = -1;
  let quote = '';
  const { rest, restStart } = parts;
  const endWord = (at: number): void => {
    if (from === -1) return;
    words.push({ text: rest.slice(from, at), start: restStart + from, end: restStart + at });
    from = -1;
  };
  const endCommand = (at: number): void => {
    endWord(at);
    const command = commandOf(words);
    if (command !== undefined) commands.push(command);
    words = [];
  };
  for (let at = 0; at < rest.length; at += 1) {
    const sign = rest[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
      else if (sign === '\\' && quote === '"') at += 1;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      if (from === -1) from = at;
    } else if (sign === '\\') {
      if (from === -1) from = at;
      at += 1;
    } else if (/[\n;|()]/.test(sign) || (sign === '&' && !/[<>]/.test(rest[at - 1] ?? ''))) endCommand(at);
    else if (/\s/.test(sign)) endWord(at);
    else if (from === -1) from = at;
  }
  endCommand(rest.length);
  return commands;
}

function commandOf(words: readonly Word[]): ShellCommand | undefined {
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return undefined;
  let at = 0;
  while (at < words.length - 1) {
    const word = words[at]?.text ?? '';
    const isPrefix = /^[A-Za-z_]\w*=/.test(word) || /^(sudo|env|exec|time|\{|then|do|!)$/.test(word);
    if (!isPrefix && !(at > 0 && word.startsWith('-') && words[at - 1]?.text === 'sudo')) break;
    at += 1;
  }
  const program = (words[at]?.text ?? '').replace(/^.*\//, '');
  return { program, args: words.slice(at + 1), words: [...words], start: first.start, end: last.end };
}
