import type { InstructionDoc } from './InstructionDoc.ts';
import { instructionDocs } from './instructionDocs.ts';
import { placeInDockerfile } from './placeInDockerfile.ts';

export interface DockerfileHover {
  start: number;
  end: number;
  doc: InstructionDoc;
}

/** What there is to tell of the instruction or flag at an offset; null elsewhere. */
export function hoverDockerfile(text: string, offset: number): DockerfileHover | null {
  const { instruction } = placeInDockerfile(text, offset);
  if (instruction === undefined) return null;
  const docs = instructionDocs(instruction.keyword);
  if (docs === undefined) return null;
  const { start } = instruction;
  const end = start + instruction.keyword.length;
  if (offset >= start && offset <= end) return { start, end, doc: docs };
  for (const flag of instruction.flags) {
    if (offset < flag.start || offset > flag.end) continue;
    const doc = docs.flags.find(({ name }) => name === `--${flag.name}`);
    return doc === undefined ? null : { start: flag.start, end: flag.end, doc };
  }
  return null;
}
