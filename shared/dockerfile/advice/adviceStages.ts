import { flagValue, instructionParts } from '../instructionParts.ts';
import type { ParsedDockerfile } from '../parseDockerfile.ts';
import { shellCommands } from '../shellCommands.ts';
import type { AdviceInstruction, AdviceStage } from './Advice.ts';

/** The stages of a Dockerfile with what the rules ask of each: whom it starts from, and whether its layers are kept. */
export function adviceStages(parsed: ParsedDockerfile): {
  stages: AdviceStage[];
  instructions: AdviceInstruction[];
} {
  const instructions: AdviceInstruction[] = [];
  const stages: AdviceStage[] = [];
  for (const instruction of parsed.instructions) {
    const parts = instructionParts(instruction, parsed.escape);
    const own: AdviceInstruction = {
      ...parts,
      commands: parts.keyword === 'RUN' ? shellCommands(parts) : [],
    };
    instructions.push(own);
    if (own.keyword === 'FROM') stages.push(stageOf(own, stages));
    else stages.at(-1)?.instructions.push(own);
  }
  const used = new Set<AdviceStage>();
  for (const stage of stages) {
    if (stage.parent !== undefined) used.add(stage.parent);
    for (const instruction of stage.instructions)
      for (const name of fromNames(instruction)) {
        const found = stages.slice(0, stage.index).find((other) => isNamed(other, name));
        if (found !== undefined) used.add(found);
      }
  }
  for (const stage of stages) stage.isResult = stage === stages.at(-1) || !used.has(stage);
  for (const stage of stages)
    for (
      let at: AdviceStage | undefined = stage.isResult ? stage : undefined;
      at !== undefined && !at.ships;
      at = at.parent
    )
      at.ships = true;
  return { stages, instructions };
}

/** Whether `--from=name` or `FROM name` means this stage. */
export function isNamed(stage: AdviceStage, name: string): boolean {
  return stage.name?.toLowerCase() === name.toLowerCase() || String(stage.index) === name;
}

function stageOf(from: AdviceInstruction, before: readonly AdviceStage[]): AdviceStage {
  const [base, as, name] = from.words;
  const baseText = base?.text ?? '';
  return {
    index: before.length,
    name: as?.text.toLowerCase() === 'as' ? name?.text : undefined,
    base: baseText,
    baseStart: base?.start ?? from.start,
    baseEnd: base?.end ?? from.end,
    parent: before.findLast((stage) => stage.name?.toLowerCase() === baseText.toLowerCase()),
    from,
    instructions: [],
    ships: false,
    isResult: false,
  };
}

function fromNames(instruction: AdviceInstruction): string[] {
  const copied = flagValue(instruction, 'from');
  const mounted = instruction.flags
    .filter((flag) => flag.name === 'mount')
    .flatMap((flag) => /(?:^|,)from=([^,]+)/.exec(flag.value)?.[1] ?? []);
  return copied === undefined ? mounted : [copied, ...mounted];
}
