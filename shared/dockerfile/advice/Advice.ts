import type { Finding } from '../../compose/Findings.ts';
import type { DockerfileFacts } from '../DockerfileFacts.ts';
import type { InstructionParts } from '../instructionParts.ts';
import type { ShellCommand } from '../shellCommands.ts';

export interface AdviceInstruction extends InstructionParts {
  /** Commands of a RUN in shell form; empty for everything else. */
  commands: ShellCommand[];
}

export interface AdviceStage {
  /** 0-based. */
  index: number;
  name: string | undefined;
  /** The image or earlier stage it starts from, as written. */
  base: string;
  /** Where the base stands. */
  baseStart: number;
  baseEnd: number;
  /** The earlier stage it starts from. */
  parent: AdviceStage | undefined;
  from: AdviceInstruction;
  /** Without FROM. */
  instructions: AdviceInstruction[];
  /** Its layers are in an image that is kept: it is a result of its own or what one starts from. */
  ships: boolean;
  /** It is a result of its own: no other stage starts from it or copies from it. */
  isResult: boolean;
}

/** What a rule looks at, and how it tells what it found. */
export interface AdviceInput {
  file: string;
  text: string;
  stages: readonly AdviceStage[];
  /** Of the whole file, in order, with those before the first FROM. */
  instructions: readonly AdviceInstruction[];
  facts: DockerfileFacts;
  add: (finding: Omit<Finding, 'file'>) => void;
}

export type AdviceRule = (input: AdviceInput) => void;

/** The instructions that came before a stage's own: of the stages it starts from, the first one's first. */
export function inherited(stage: AdviceStage): AdviceInstruction[] {
  return stage.parent === undefined ? [] : [...inherited(stage.parent), ...stage.parent.instructions];
}
