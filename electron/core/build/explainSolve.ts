import type { BuildFailure } from '#shared/domain/Build.ts';
import { parseDockerfile } from '#shared/dockerfile/parseDockerfile.ts';
import { findSyntaxLine } from './buildkit/syntaxLine.ts';
import { copySources } from './copySources.ts';
import { excerptAround } from './excerptAround.ts';
import { explainFailure } from './explainFailure.ts';
import type { BuildFiles } from './locateDockerfile.ts';
import type { PlannedStep } from './planSteps.ts';
import { sourcesOf } from './planVertexes.ts';
import type { SolveFailure, SolveProgress } from './SolveProgress.ts';
import { namesImage } from './vertexNames.ts';

const LATEST_NEWS_MS = 500;

/** Puts BuildKit's account of a failed build at its place in the Dockerfile: the vertex that failed says where. */
export async function explainSolve(
  message: string,
  files: BuildFiles,
  progress: SolveProgress,
): Promise<BuildFailure> {
  const failed = likeliest(await progress.failuresSoon(LATEST_NEWS_MS));
  if (failed === undefined) return explainFailure(message, files, undefined);
  const { vertex, planned, tail } = failed;
  // The vertex tells the reason, the answer's last event the same in more wrapping.
  // The engine repeats what a cause says in the name of its kind.
  const reason = vertex.error.replace(/(not found)(?:: not found)+$/, '$1');
  if (planned !== undefined) return explainFailure(reason, files, planned, { output: tail });
  const image =
    /^(?:FROM|\[internal\] load metadata for|resolve image config for) (?:docker-image:\/\/)?(\S+)/.exec(
      vertex.name,
    )?.[1];
  const syntax = findSyntaxLine(files.dockerfileText);
  if (image !== undefined && syntax !== undefined && namesImage(syntax.image, image))
    return {
      message: `The build program \`${syntax.image}\` that line ${syntax.line} asks for could not be fetched: ${reason}`,
      file: files.dockerfile,
      line: syntax.line,
      excerpt: excerptAround(files.dockerfileText.split('\n'), syntax.line),
      hint: 'Correct its name, or remove the line: the engine then uses its own.',
    };
  const place = image === undefined ? undefined : placeOfImage(files.dockerfileText, image);
  if (image === undefined || place === undefined)
    return explainFailure(reason, files, undefined, { output: tail });
  const from: PlannedStep = { ...place, keyword: 'FROM', text: `FROM ${image}` };
  const failure = await explainFailure(reason, files, from, { output: tail });
  if (place.keyword === 'FROM') return failure;
  const named = stageNames(files.dockerfileText);
  return {
    ...failure,
    message: failure.message.replace('The base image', 'The image'),
    hint:
      named.length === 0
        ? failure.hint
        : `${place.keyword} takes from it as no stage has that name (there is ${named.map((name) => `\`${name}\``).join(', ')}). ${failure.hint ?? ''}`.trim(),
  };
}

/** A file that is missing fails all steps that were waiting for the context, each with the same words: the one that names it. */
function likeliest(failures: readonly SolveFailure[]): SolveFailure | undefined {
  const naming = failures.find(({ vertex, planned }) => {
    const missing = /"\/?([^"]+)":? not found/.exec(vertex.error)?.[1];
    if (missing === undefined || planned === undefined || !/^(?:COPY|ADD)$/.test(planned.keyword))
      return false;
    return copySources(planned).some((source) => source.replace(/\/+$/, '') === missing);
  });
  return naming ?? failures[0];
}

/** The instruction that names an image: by its text, or the only FROM whose name is made of arguments. */
function placeOfImage(text: string, image: string): PlannedStep | undefined {
  const { instructions } = parseDockerfile(text);
  const found =
    instructions.find((one) => one.keyword.toUpperCase() === 'FROM' && namesImage(one.text, image)) ??
    instructions.find((one) => sourcesOf(one).some((source) => namesImage(source, image))) ??
    only(instructions.filter((one) => one.keyword.toUpperCase() === 'FROM' && one.text.includes('$')));
  return found === undefined
    ? undefined
    : {
        keyword: found.keyword.toUpperCase(),
        text: found.text,
        line: found.range.line,
        endLine: found.endLine,
      };
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function stageNames(text: string): string[] {
  return parseDockerfile(text).stages.flatMap((stage) => stage.name ?? []);
}
