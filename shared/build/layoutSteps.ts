import type { BuildStep } from '../domain/Build.ts';
import { stepKeyword } from './countSteps.ts';
import { inferStages, type StagedStep } from './inferStages.ts';

export interface StepNode {
  step: BuildStep;
  column: number;
  /** Below everything it stands on; one step a place. */
  row: number;
}

/** The steps of a build as a grid: a column a stage, and in it downwards what stands on what. */
export interface StepGraph {
  /** Names of the stages; '' for what belongs to none. */
  columns: string[];
  rows: number;
  /** In the order of the steps. */
  nodes: StepNode[];
  /** From a step to one that stands on it, by their numbers. */
  edges: { from: number; to: number }[];
}

/** Where each step of a build is drawn. */
export function layoutSteps(steps: readonly BuildStep[]): StepGraph {
  const staged = steps.some((step) => step.inputs !== undefined) ? toldStages(steps) : inferStages(steps);
  const known = new Map(staged.map((entry) => [entry.step.number, entry]));
  const inputsOf = (entry: StagedStep): StagedStep[] =>
    entry.inputs.flatMap((number) => known.get(number) ?? []).filter((input) => input !== entry);

  const order = inOrder(staged, inputsOf);
  const depths = new Map<StagedStep, number>();
  for (const entry of order)
    depths.set(entry, Math.max(-1, ...inputsOf(entry).map((input) => depths.get(input) ?? -1)) + 1);
  const stageOf = new Map<StagedStep, string>();
  for (const entry of order) {
    // What no stage claims (exporting the image) stands below what it is made from.
    const deepest = inputsOf(entry).reduce<StagedStep | undefined>(
      (best, input) =>
        best === undefined || (depths.get(input) ?? 0) > (depths.get(best) ?? 0) ? input : best,
      undefined,
    );
    stageOf.set(entry, entry.stage ?? (deepest === undefined ? '' : (stageOf.get(deepest) ?? '')));
  }
  const columns = [...new Set(staged.map((entry) => stageOf.get(entry) ?? ''))];
  columns.sort((a, b) => Number(b === '') - Number(a === ''));

  const nextFree = columns.map(() => 0);
  const places = new Map<StagedStep, StepNode>();
  for (const entry of order) {
    const column = columns.indexOf(stageOf.get(entry) ?? '');
    const below = inputsOf(entry).map((input) => (places.get(input)?.row ?? -1) + 1);
    const row = Math.max(nextFree[column] ?? 0, ...below);
    nextFree[column] = row + 1;
    places.set(entry, { step: entry.step, column, row });
  }
  return {
    columns,
    rows: Math.max(0, ...nextFree),
    nodes: staged.flatMap((entry) => places.get(entry) ?? []),
    edges: staged.flatMap((entry) =>
      inputsOf(entry).map((input) => ({ from: input.step.number, to: entry.step.number })),
    ),
  };
}

/**
 * What the builder told. A step it says nothing of stands on the one before in its stage, and a base on nothing: builders name
 * some steps only when they come to them, and those of two stages that are the same only once.
 */
function toldStages(steps: readonly BuildStep[]): StagedStep[] {
  const last = new Map<string | undefined, number>();
  return steps.map((step, index) => {
    // Exporting the image belongs to no stage and follows the last.
    const before = step.stage === undefined ? steps[index - 1]?.number : last.get(step.stage);
    last.set(step.stage, step.number);
    const guessed = before === undefined || stepKeyword(step) === 'FROM' ? [] : [before];
    return { step, stage: step.stage, inputs: [...new Set(step.inputs ?? guessed)] };
  });
}

/** Every step after its inputs, else as they come. A circle, which no builder makes, is cut where it is met. */
function inOrder(staged: readonly StagedStep[], inputsOf: (entry: StagedStep) => StagedStep[]): StagedStep[] {
  const order = new Set<StagedStep>();
  const entered = new Set<StagedStep>();
  for (const root of staged) {
    // Not by recursion: a chain may have thousands of links.
    const path = [root];
    for (let entry = path.at(-1); entry !== undefined; entry = path.at(-1)) {
      entered.add(entry);
      const missing = inputsOf(entry).find((input) => !entered.has(input));
      if (missing !== undefined) path.push(missing);
      else {
        order.add(entry);
        path.pop();
      }
    }
  }
  return [...order];
}
