import { onOneLine } from '#shared/dockerfile/flattenLines.ts';
import { parseDockerfile } from '#shared/dockerfile/parseDockerfile.ts';

/** A step the classic builder will count, in its order. */
export interface PlannedStep {
  keyword: string;
  /** On one line. */
  text: string;
  /** 1-based lines in the Dockerfile; undefined for a step that is not written there. */
  line: number | undefined;
  endLine: number | undefined;
}

/**
 * The steps of a Dockerfile as the classic builder numbers them: ARGs before the first FROM, then every stage up
 * to and with the target, in order (it builds them all), then one LABEL when labels are asked for.
 * Empty when the text cannot be parsed: the engine will say why.
 */
export function planSteps(text: string, target: string | undefined, hasLabels: boolean): PlannedStep[] {
  const steps: PlannedStep[] = [];
  let stage = -1;
  let targetSeen = false;
  const { instructions, escape } = parseDockerfile(text);
  for (const instruction of instructions) {
    const keyword = instruction.keyword.toUpperCase();
    if (keyword === 'FROM') {
      if (targetSeen) break;
      stage += 1;
      const name = /\sas\s+(\S+)\s*$/i.exec(instruction.text)?.[1]?.toLowerCase();
      targetSeen = target !== undefined && (name === target.toLowerCase() || String(stage) === target);
    }
    steps.push({
      keyword,
      text: onOneLine(instruction.text, escape),
      line: instruction.range.line,
      endLine: instruction.endLine,
    });
  }
  if (steps.length > 0 && hasLabels)
    steps.push({ keyword: 'LABEL', text: 'LABEL', line: undefined, endLine: undefined });
  return steps;
}
