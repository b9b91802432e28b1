import { flattenLines } from './flattenLines.ts';
import type { DockerfileInstruction } from './parseDockerfile.ts';

/** A piece of the text and where it stands, in UTF-16 offsets. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

export interface Flag extends Word {
  /** Without the dashes, lower case. */
  name: string;
  value: string;
}

export interface InstructionParts {
  /** Upper case. */
  keyword: string;
  start: number;
  end: number;
  flags: Flag[];
  /** What follows keyword and flags; continued lines and comments are blanks, so that offsets hold. */
  rest: string;
  restStart: number;
  /** `rest` cut at blanks. */
  words: Word[];
  /** The arguments are a JSON array. */
  isExec: boolean;
  /** Its text comes from here-documents. */
  isHeredoc: boolean;
}

/** An instruction taken apart; every offset refers to the file's text. */
export function instructionParts(instruction: DockerfileInstruction, escape: string): InstructionParts {
  const { range, keyword } = instruction;
  const flat = flattenLines(instruction.text, escape);
  const flags: Flag[] = [];
  let at = keyword.length;
  for (;;) {
    const flag = /^(\s*)(--([A-Za-z][\w-]*)(?:=(\S*))?)(?=\s|$)/.exec(flat.slice(at));
    if (flag === null) break;
    const start = range.start + at + (flag[1] ?? '').length;
    const text = flag[2] ?? '';
    flags.push({
      text,
      start,
      end: start + text.length,
      name: (flag[3] ?? '').toLowerCase(),
      value: flag[4] ?? '',
    });
    at += flag[0].length;
  }
  at += /^\s*/.exec(flat.slice(at))?.[0].length ?? 0;
  const rest = flat.slice(at).trimEnd();
  const restStart = range.start + at;
  return {
    keyword: keyword.toUpperCase(),
    start: range.start,
    end: range.start + flat.trimEnd().length,
    flags,
    rest,
    restStart,
    words: wordsOf(rest, restStart),
    isExec: isJsonArray(rest),
    isHeredoc: /<<-?\s*["']?\w/.test(rest),
  };
}

/** Value of the first flag of that name. */
export function flagValue(parts: Pick<InstructionParts, 'flags'>, name: string): string | undefined {
  return parts.flags.find((flag) => flag.name === name)?.value;
}

function wordsOf(text: string, offset: number): Word[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    start: offset + match.index,
    end: offset + match.index + match[0].length,
  }));
}

function isJsonArray(text: string): boolean {
  if (!text.startsWith('[')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}
