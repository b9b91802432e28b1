import type { BuildComparison, BuildHistoryEntry, BuildStep, BuildView } from '../domain/Build.ts';
import { alignSequences } from './alignSequences.ts';

type Side = Omit<BuildComparison['steps'][number], 'instruction'>['left'];

/** Two builds side by side: steps by their instruction, layers by what made them. */
export function compareBuilds(
  left: { build: BuildView; entry: BuildHistoryEntry },
  right: { build: BuildView; entry: BuildHistoryEntry },
): BuildComparison {
  const leftSteps = left.build.steps.filter(isTold);
  const rightSteps = right.build.steps.filter(isTold);
  const leftLayers = left.build.result?.layers ?? [];
  const rightLayers = right.build.result?.layers ?? [];
  return {
    left: left.entry,
    right: right.entry,
    steps: alignSequences(
      leftSteps.map((step) => alike(step.instruction)),
      rightSteps.map((step) => alike(step.instruction)),
    ).map((pair) => {
      const leftStep = pair.left === undefined ? undefined : leftSteps[pair.left];
      const rightStep = pair.right === undefined ? undefined : rightSteps[pair.right];
      return {
        instruction: (rightStep ?? leftStep)?.instruction ?? '',
        left: sideOf(leftStep),
        right: sideOf(rightStep),
      };
    }),
    layers: alignSequences(
      leftLayers.map((layer) => plain(layer.createdBy)),
      rightLayers.map((layer) => plain(layer.createdBy)),
    ).map((pair) => {
      const leftLayer = pair.left === undefined ? undefined : leftLayers[pair.left];
      const rightLayer = pair.right === undefined ? undefined : rightLayers[pair.right];
      return {
        createdBy: (rightLayer ?? leftLayer)?.createdBy ?? '',
        leftBytes: leftLayer?.sizeBytes,
        rightBytes: rightLayer?.sizeBytes,
      };
    }),
  };
}

/** Milliseconds a step took; undefined where it did not run, or its builder tells no times. */
function stepDuration(step: Pick<BuildStep, 'startedAt' | 'endedAt'>): number | undefined {
  if (step.startedAt === undefined || step.endedAt === undefined) return undefined;
  return Math.max(0, step.endedAt - step.startedAt);
}

function sideOf(step: BuildStep | undefined): Side {
  if (step === undefined) return undefined;
  return { durationMs: stepDuration(step), cached: step.cached, state: step.state };
}

/** A builder that failed early may never have named its later steps. */
function isTold(step: BuildStep): boolean {
  return step.instruction !== '';
}

/** Builders name a base by its whole reference or as it is written, with the stage or without: it is the same step. */
function alike(instruction: string): string {
  const text = plain(instruction);
  const base = /^FROM (?:--\S+ )*(\S+)/i.exec(text)?.[1];
  if (base === undefined) return text;
  return `FROM ${base
    .replace(/^docker\.io\/(?:library\/)?/, '')
    .replace(/@sha256:[0-9a-f]+$/, '')
    .replace(/:latest$/, '')}`;
}

/** Spaces carry no meaning between the words of an instruction. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
