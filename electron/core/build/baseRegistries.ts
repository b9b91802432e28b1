import { parseDockerfile } from '#shared/dockerfile/parseDockerfile.ts';
import { parseReference } from '#shared/image/parseReference.ts';
import { globalArguments } from './globalArguments.ts';

/**
 * Hosts of the registries that a Dockerfile's images come from: those its stages begin with and those it copies from. An
 * image whose name holds a build argument has it filled in; one that cannot be read is left out.
 */
export function baseRegistries(dockerfile: string, args: Readonly<Record<string, string>>): string[] {
  const { instructions, stages } = parseDockerfile(dockerfile);
  const filled = globalArguments(instructions, args);
  const isStage = (name: string): boolean =>
    /^\d+$/.test(name) || stages.some((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  const copied = instructions.flatMap(
    ({ keyword, argument }) =>
      (keyword.toUpperCase() === 'COPY' && /(?:^|\s)--from=(\S+)/.exec(argument)?.[1]) || [],
  );
  const images = [...stages.map(({ base }) => filled(base)), ...copied].filter(
    (name) => name.toLowerCase() !== 'scratch' && !isStage(name),
  );
  return [...new Set(images.flatMap((image) => registryOf(image) ?? []))];
}

function registryOf(image: string): string | undefined {
  try {
    return parseReference(image).registry;
  } catch {
    // The engine says what is wrong with it.
    return undefined;
  }
}
