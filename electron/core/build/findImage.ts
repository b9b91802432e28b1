import type { EngineClient } from '#core/engine/EngineApi.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { BuildProblem } from './BuildProblem.ts';

/** The image of a tag. It is the proof: an answer that ended well without one is not a success. */
export async function findImage(client: EngineClient, tag: string, said: string): Promise<string> {
  const image = await client
    .request<{ Id?: string }>({ path: `/images/${tag}/json` })
    .catch((error: unknown) => {
      throw error instanceof FlotillaError && error.code === 'engine-unavailable'
        ? error
        : new BuildProblem({
            message: `The engine says that the build succeeded, but there is no image \`${tag}\`.`,
            hint: 'Something may have removed it meanwhile: build once more.',
          });
    });
  return image.Id ?? said;
}
