import { FlotillaError } from '#shared/contract/errors.ts';
import type { ImageDetails } from '#shared/domain/Image.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagePath } from './imagePath.ts';
import { type ListedImage, listUsers, summaryOf } from './listImages.ts';
import { type HistoryEntry, stepOfLayer } from './stepOfLayer.ts';

export interface ImageInspection extends Omit<ListedImage, 'Labels'> {
  Author?: string;
  Architecture?: string;
  Os?: string;
  Config?: {
    Cmd?: string[] | null;
    Entrypoint?: string[] | string | null;
    WorkingDir?: string;
    User?: string;
    Env?: string[] | null;
    ExposedPorts?: Record<string, unknown> | null;
    Labels?: Record<string, string> | null;
  } | null;
  RootFS?: { Layers?: string[] | null } | null;
}

/** Everything about one image. @throws FlotillaError `not-found`, `invalid-input` */
export async function inspectImage(client: EngineClient, image: string): Promise<ImageDetails> {
  const path = imagePath(image);
  try {
    const [inspection, history, users] = await Promise.all([
      client.request<ImageInspection>({ path: `${path}/json` }),
      client.request<HistoryEntry[]>({ path: `${path}/history` }),
      listUsers(client),
    ]);
    return detailsOf(inspection, history, users.get(inspection.Id) ?? []);
  } catch (error) {
    throw explainMissing(error, image);
  }
}

/** A 404 of an image in words of ours; anything else as it is. */
export function explainMissing(error: unknown, image: string): unknown {
  if (!(error instanceof FlotillaError) || error.detail?.['statusCode'] !== 404) return error;
  return new FlotillaError('not-found', `The engine has no image ${image}.`, {
    hint: 'It may have been removed. Pull or build it.',
    detail: { statusCode: 404 },
  });
}

function detailsOf(
  inspection: ImageInspection,
  history: readonly HistoryEntry[],
  users: Parameters<typeof summaryOf>[1],
): ImageDetails {
  const config = inspection.Config ?? {};
  const entrypoint = config.Entrypoint ?? [];
  return {
    ...summaryOf({ ...inspection, Labels: config.Labels ?? null }, users),
    architecture: inspection.Architecture ?? '',
    os: inspection.Os ?? '',
    author: inspection.Author === '' ? undefined : inspection.Author,
    // The engine tells the newest first.
    layers: [...history]
      .reverse()
      .map((entry) => ({ createdBy: stepOfLayer(entry), sizeBytes: Math.max(0, entry.Size ?? 0) })),
    command: config.Cmd ?? [],
    entrypoint: typeof entrypoint === 'string' ? [entrypoint] : entrypoint,
    workingDir: config.WorkingDir === '' ? undefined : config.WorkingDir,
    user: config.User === '' ? undefined : config.User,
    environment: config.Env ?? [],
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    labels: config.Labels ?? {},
  };
}
