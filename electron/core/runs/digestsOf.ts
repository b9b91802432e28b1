import type { RunService } from '#shared/domain/Run.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

/** By image id: what registries call it. */
export async function digestsOf(
  client: EngineClient,
  services: readonly RunService[],
): Promise<Map<string, Pick<RunService, 'imageId' | 'digests'>>> {
  const found = new Map<string, Pick<RunService, 'imageId' | 'digests'>>();
  await Promise.all(
    [...new Set(services.map(({ imageId, image }) => imageId ?? image))].map(async (image) => {
      try {
        const { Id, RepoDigests } = await client.request<{ Id: string; RepoDigests?: string[] | null }>({
          path: `/images/${image}/json`,
        });
        found.set(image, { imageId: Id, digests: RepoDigests ?? [] });
      } catch {
        // An image that is gone already keeps its id.
      }
    }),
  );
  return found;
}
