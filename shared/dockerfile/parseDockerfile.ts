import { DockerfileParser } from 'dockerfile-ast';
import type { SourceRange } from '../domain/Diagnostic.ts';
import { SourceText } from '../compose/SourceText.ts';
import { parserWithoutNode } from './parserWithoutNode.ts';

parserWithoutNode();

export interface DockerfileInstruction {
  /** As written, e.g. `RUN` or, with its mistake, `COPY.`. */
  keyword: string;
  /** The whole instruction, comments and continued lines included. */
  text: string;
  /** What follows the keyword. */
  argument: string;
  range: SourceRange;
  /** 1-based line it ends on. */
  endLine: number;
}

export interface DockerfileStage {
  /** 0-based. */
  index: number;
  /** The name after AS. */
  name: string | undefined;
  /** What it starts from: an image or an earlier stage. */
  base: string;
  from: DockerfileInstruction;
  instructions: DockerfileInstruction[];
}

export interface ParsedDockerfile {
  instructions: DockerfileInstruction[];
  stages: DockerfileStage[];
  /** The sign that continues a line: a backslash, unless an `escape` line says otherwise. */
  escape: string;
}

/** Instructions and stages of a Dockerfile; never throws: what cannot be read is left out. */
export function parseDockerfile(text: string): ParsedDockerfile {
  const source = new SourceText(text);
  const instructions: DockerfileInstruction[] = [];
  let escape = '\\';
  try {
    // A byte order mark would become part of the first keyword; a space in its place keeps the offsets.
    const parsed = DockerfileParser.parse(text.replace(/^\uFEFF/, ' '));
    escape = parsed.getEscapeCharacter();
    for (const instruction of parsed.getInstructions()) {
      const { start, end } = instruction.getRange();
      const from = source.lineStart(start.line + 1) + start.character;
      const to = source.lineStart(end.line + 1) + end.character;
      const keyword = instruction.getInstruction();
      const whole = text.slice(from, to);
      instructions.push({
        keyword,
        text: whole,
        argument: whole.slice(keyword.length).trim(),
        range: source.range(from, to),
        endLine: end.line + 1,
      });
    }
  } catch {
    // Half a Dockerfile is better than none.
  }
  return { instructions, stages: stagesOf(instructions), escape };
}

function stagesOf(instructions: readonly DockerfileInstruction[]): DockerfileStage[] {
  const stages: DockerfileStage[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword.toUpperCase() === 'FROM') {
      const words = instruction.argument.split(/\s+/).filter((word) => !word.startsWith('--'));
      const name = words[1]?.toLowerCase() === 'as' ? words[2] : undefined;
      stages.push({ index: stages.length, name, base: words[0] ?? '', from: instruction, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}
