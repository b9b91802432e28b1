import type { BuildStep } from '../domain/Build.ts';
import { stepKeyword } from './countSteps.ts';

export interface StagedStep {
  step: BuildStep;
  /** Absent: it belongs to no stage. */
  stage: string | undefined;
  /** Numbers of the steps it stands on. */
  inputs: number[];
}

/**
 * The stages of a build whose builder tells only steps, read off their instructions: FROM begins one, on an earlier stage or
 * afresh; `COPY --from` stands on the end of another besides the step before.
 */
export function inferStages(steps: readonly BuildStep[]): StagedStep[] {
  const stages: { name: string; last: number }[] = [];
  const before: number[] = [];
  const find = (reference: string): { last: number } | undefined => {
    const name = reference.toLowerCase();
    return stages.findLast((stage) => stage.name.toLowerCase() === name) ?? stages[indexOf(name)];
  };
  return steps.map((step) => {
    const keyword = stepKeyword(step);
    const current = stages.at(-1);
    if (keyword === 'FROM') {
      const { image, name } = readFrom(step.instruction);
      const base = find(image);
      const stage = { name: name ?? `stage ${stages.length + 1}`, last: step.number };
      // ARGs in front of the first FROM belong to it.
      const inputs = base === undefined ? (current === undefined ? before.slice(-1) : []) : [base.last];
      stages.push(stage);
      return { step, stage: stage.name, inputs };
    }
    if (current === undefined) {
      const inputs = before.slice(-1);
      before.push(step.number);
      return { step, stage: firstStage(steps), inputs };
    }
    const from = /\s--from=(\S+)/.exec(step.instruction)?.[1];
    const other = keyword === 'COPY' && from !== undefined ? find(from) : undefined;
    const inputs = [...new Set([current.last, ...(other === undefined ? [] : [other.last])])];
    current.last = step.number;
    return { step, stage: current.name, inputs };
  });
}

function firstStage(steps: readonly BuildStep[]): string {
  const from = steps.find((step) => stepKeyword(step) === 'FROM');
  return (from === undefined ? undefined : readFrom(from.instruction).name) ?? 'stage 1';
}

function readFrom(instruction: string): { image: string; name: string | undefined } {
  const words = instruction
    .trim()
    .split(/\s+/)
    .slice(1)
    .filter((word) => !word.startsWith('--'));
  return { image: words[0] ?? '', name: words[1]?.toLowerCase() === 'as' ? words[2] : undefined };
}

function indexOf(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : -1;
}
