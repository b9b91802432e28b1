import {
  type DockerfileInstruction,
  type DockerfileStage,
  parseDockerfile,
} from '#shared/dockerfile/parseDockerfile.ts';
import type { PlannedStep } from './planSteps.ts';

/** A step that BuildKit will make a vertex of. */
export interface PlannedVertex extends PlannedStep {
  line: number;
  endLine: number;
  /** As BuildKit names the stage; undefined for the only one, when it has no name. */
  stage: string | undefined;
  /** 1-based among the stage's vertexes, as in `[build 2/5]`. */
  place: number;
  /** What BuildKit will write after the slash, unless the base image brings steps of its own (ONBUILD). */
  places: number;
}

const MAKES_VERTEX = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The vertexes BuildKit makes of a Dockerfile, in the order of its lines: only of stages the target needs, and only of
 * instructions that change files. A stage that begins with another or with `scratch` has no vertex for its FROM.
 */
export function planVertexes(text: string, target: string | undefined): PlannedVertex[] {
  const { stages } = parseDockerfile(text);
  const needed = neededStages(stages, target);
  return stages.flatMap((stage) => {
    if (!needed.has(stage.index)) return [];
    const isImage = stage.base !== 'scratch' && stageNamed(stages, stage.base, stage.index) === undefined;
    const made = stage.instructions.filter((one) => MAKES_VERTEX.has(one.keyword.toUpperCase()));
    const all = isImage ? [stage.from, ...made] : made;
    const name = stage.name ?? (stages.length > 1 ? `stage-${stage.index}` : undefined);
    return all.map(
      (one, index): PlannedVertex => ({
        keyword: one.keyword.toUpperCase(),
        text: one.text,
        line: one.range.line,
        endLine: one.endLine,
        stage: name,
        place: index + 1,
        places: all.length,
      }),
    );
  });
}

function neededStages(stages: readonly DockerfileStage[], target: string | undefined): Set<number> {
  const goal = target === undefined ? stages.at(-1) : stageNamed(stages, target, stages.length);
  const needed = new Set<number>();
  const visit = (stage: DockerfileStage | undefined): void => {
    if (stage === undefined || needed.has(stage.index)) return;
    needed.add(stage.index);
    visit(stageNamed(stages, stage.base, stage.index));
    for (const instruction of stage.instructions)
      for (const source of sourcesOf(instruction)) visit(stageNamed(stages, source, stage.index));
  };
  visit(goal);
  return needed;
}

/** What an instruction takes files from: `COPY --from=x`, `RUN --mount=type=bind,from=x`. */
export function sourcesOf(instruction: Pick<DockerfileInstruction, 'keyword' | 'text'>): string[] {
  if (!/^(COPY|ADD|RUN)$/i.test(instruction.keyword)) return [];
  return [...instruction.text.matchAll(/(?:\s--from=|\s--mount=\S*?\bfrom=)([^\s,]+)/g)].map(
    (found) => found[1] ?? '',
  );
}

/** The stage of that name (the last one before `before`) or number. */
function stageNamed(
  stages: readonly DockerfileStage[],
  name: string,
  before: number,
): DockerfileStage | undefined {
  const earlier = stages.slice(0, before);
  const named = earlier.findLast((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  return named ?? (/^\d+$/.test(name) ? earlier[Number(name)] : undefined);
}
