import type { BuildFailure } from '#shared/domain/Build.ts';
import { isRemote } from '#shared/compose/config/paths/isRemote.ts';
import { withoutPasswords } from '#shared/domain/soundsSecret.ts';
import type { BuildJob } from '../Builder.ts';
import { explainFailure } from '../explainFailure.ts';
import type { SolveFailure } from '../SolveProgress.ts';

const IMAGE = 'docker-image://';

/** Why a further context could not be had (`additional_contexts`); undefined when something else failed. It has no place in the Dockerfile. */
export async function explainContext(
  failures: readonly SolveFailure[],
  contexts: Readonly<Record<string, string>>,
  files: BuildJob['files'],
): Promise<BuildFailure | undefined> {
  for (const { vertex, planned } of failures)
    for (const [name, source] of Object.entries(contexts)) {
      const address = source.split('#', 1)[0] ?? source;
      const isOwn =
        vertex.name.startsWith(`[context ${name}]`) ||
        // A step of the Dockerfile may have the address in its words, and is not the fetching of it.
        (planned === undefined &&
          isRemote(source) &&
          !source.startsWith(IMAGE) &&
          vertex.name.includes(address));
      if (!isOwn) continue;
      if (source.startsWith(IMAGE))
        return explainImage(name, source.slice(IMAGE.length), vertex.error, files);
      return {
        message: withoutPasswords(
          `The context \`${name}\` (${source}) could not be fetched: ${vertex.error.trim().replace(/\s+/g, ' ')}`,
        ),
        hint: 'The engine fetches it: check the address, and the network of the engine. A private repository needs `ssh: [default]` in the build section, or a build secret named GIT_AUTH_TOKEN.',
      };
    }
  return undefined;
}

async function explainImage(
  name: string,
  image: string,
  reason: string,
  files: BuildJob['files'],
): Promise<BuildFailure> {
  const step = { keyword: 'FROM', text: `FROM ${image}`, line: undefined, endLine: undefined };
  const { message, hint } = await explainFailure(reason, files, step);
  return {
    message: message.replace(/^The base image/, `The context \`${name}\`, the image`),
    hint: `${hint ?? ''} A builder other than the engine’s own does not see the engine’s images: \`docker buildx use default\`.`.trim(),
  };
}
