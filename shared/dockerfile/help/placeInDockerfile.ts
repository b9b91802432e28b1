import { instructionParts, type InstructionParts } from '../instructionParts.ts';
import { type ParsedDockerfile, parseDockerfile } from '../parseDockerfile.ts';

/** What a place in the text belongs to. */
export interface DockerfilePlace {
  parsed: ParsedDockerfile;
  /** The instruction around it; undefined between instructions and in comments. */
  instruction: InstructionParts | undefined;
}

/** The instruction around an offset. A line that an instruction goes on to belongs to it, a comment to none. */
export function placeInDockerfile(text: string, offset: number): DockerfilePlace {
  const parsed = parseDockerfile(text);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  if (/^\s*#/.test(text.slice(lineStart, offset))) return { parsed, instruction: undefined };
  const found = parsed.instructions.findLast(({ range }) => range.start <= offset);
  if (found === undefined) return { parsed, instruction: undefined };
  // Blanks after the last word still belong to it, as long as the line does not end.
  const between = text.slice(found.range.end, offset);
  const isContinued = text.slice(found.range.start, offset).trimEnd().endsWith(parsed.escape);
  const isInside = offset <= found.range.end || !between.includes('\n') || isContinued;
  return { parsed, instruction: isInside ? instructionParts(found, parsed.escape) : undefined };
}
