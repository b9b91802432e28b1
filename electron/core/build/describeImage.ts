import type { EngineClient } from '#core/engine/EngineApi.ts';
import type { BuildResult } from '#shared/domain/Build.ts';
import { type HistoryEntry, stepOfLayer } from '#core/images/stepOfLayer.ts';

interface ImageAnswer {
  Id?: string;
  Size?: number;
  RepoDigests?: string[] | null;
}

/** What a built image is, by the engine's own account; undefined when it cannot be asked any more. */
export async function describeImage(client: EngineClient, imageId: string): Promise<BuildResult | undefined> {
  try {
    const [image, history] = await Promise.all([
      client.request<ImageAnswer>({ path: `/images/${imageId}/json` }),
      client.request<HistoryEntry[]>({ path: `/images/${imageId}/history` }),
    ]);
    const digest = image.RepoDigests?.[0];
    return {
      imageId: image.Id ?? imageId,
      ...(digest === undefined ? {} : { digest }),
      sizeBytes: image.Size ?? 0,
      // The engine lists the newest first.
      layers: history.reverse().map((layer) => ({
        createdBy: stepOfLayer(layer),
        sizeBytes: layer.Size ?? 0,
      })),
    };
  } catch {
    // The image is there; only its description is not.
    return undefined;
  }
}
