import { createHash } from 'node:crypto';
import { onOneLine } from '#shared/dockerfile/flattenLines.ts';
import {
  type DockerfileInstruction,
  type DockerfileStage,
  parseDockerfile,
} from '#shared/dockerfile/parseDockerfile.ts';
import { globalArguments } from './globalArguments.ts';
import type { PlannedStep } from './planSteps.ts';
import { plainWork } from './vertexNames.ts';

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
  /** Its text by which it is known under another name, see plainWork. */
  deed: string;
  /** Equal for steps that do the same to the same files, in whatever Dockerfile: BuildKit does it once. */
  work: string;
  /** Indexes of the steps whose files it stands on directly. */
  after: number[];
}

const MAKES_VERTEX = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The vertexes BuildKit makes of a Dockerfile, in the order of its lines: only of stages the target needs, and only of
 * instructions that change files. A stage that begins with another or with `scratch` has no vertex for its FROM.
 */
export function planVertexes(
  text: string,
  target: string | undefined,
  args: Readonly<Record<string, string>> = {},
): PlannedVertex[] {
  const { instructions, stages, escape } = parseDockerfile(text);
  const filled = globalArguments(instructions, args);
  const deedOf = (one: DockerfileInstruction): string => {
    const line = onOneLine(one.text, escape);
    return plainWork(one.keyword.toUpperCase() === 'FROM' ? filled(line) : line);
  };
  const needed = neededStages(stages, target);
  const works = worksOf(stages, deedOf, args);
  const plan: PlannedVertex[] = [];
  /** Index of each stage's last step; none for one that begins with nothing. */
  const ends: (number | undefined)[] = [];
  for (const stage of stages) {
    if (!needed.has(stage.index)) continue;
    const made = stage.instructions.filter((one) => MAKES_VERTEX.has(one.keyword.toUpperCase()));
    const all = beginsWithImage(stages, stage) ? [stage.from, ...made] : made;
    const name = stage.name ?? (stages.length > 1 ? `stage-${stage.index}` : undefined);
    const endOf = (source: string): number | undefined => {
      const from = stageNamed(stages, source, stage.index);
      return from === undefined ? undefined : ends[from.index];
    };
    let before = endOf(stage.base);
    for (const [index, one] of all.entries()) {
      const after = one === stage.from ? [] : [before, ...sourcesOf(one).map(endOf)];
      plan.push({
        keyword: one.keyword.toUpperCase(),
        text: onOneLine(one.text, escape),
        line: one.range.line,
        endLine: one.endLine,
        stage: name,
        place: index + 1,
        places: all.length,
        deed: deedOf(one),
        work: works.get(one) ?? '',
        after: after.filter((one) => one !== undefined),
      });
      before = plan.length - 1;
    }
    ends[stage.index] = before;
  }
  return plan;
}

function beginsWithImage(stages: readonly DockerfileStage[], stage: DockerfileStage): boolean {
  return stage.base !== 'scratch' && stageNamed(stages, stage.base, stage.index) === undefined;
}

/**
 * A name for the work of each instruction: what it does, and to which files. A RUN, and whatever names a variable, also
 * depends on the settings before it (ENV, ARG, USER …).
 */
function worksOf(
  stages: readonly DockerfileStage[],
  deedOf: (one: DockerfileInstruction) => string,
  args: Readonly<Record<string, string>>,
): Map<DockerfileInstruction, string> {
  const nameOf = (...parts: readonly unknown[]): string =>
    createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  const works = new Map<DockerfileInstruction, string>();
  const ends: { files: string; settings: string }[] = [];
  for (const stage of stages) {
    const base = stageNamed(stages, stage.base, stage.index);
    const start = deedOf(stage.from);
    let { files, settings } = (base === undefined ? undefined : ends[base.index]) ?? {
      files: nameOf(start),
      settings: nameOf('settings of', start, args),
    };
    works.set(stage.from, files);
    for (const one of stage.instructions) {
      const keyword = one.keyword.toUpperCase();
      const text = deedOf(one);
      if (!MAKES_VERTEX.has(keyword)) {
        settings = nameOf(settings, text);
        continue;
      }
      const sources = sourcesOf(one).map((source) => {
        const from = stageNamed(stages, source, stage.index);
        return from === undefined ? source : ends[from.index]?.files;
      });
      // The name of a stage is no work: what it holds is.
      const deed = text.replaceAll(/(?<=\s--from=|\bfrom=)[^\s,]+/g, '');
      files = nameOf(files, deed, sources, keyword === 'RUN' || text.includes('$') ? settings : '');
      works.set(one, files);
    }
    ends.push({ files, settings });
  }
  return works;
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
