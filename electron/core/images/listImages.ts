import type { ImageSummary } from '#shared/domain/Image.ts';
import { PROJECT_LABEL, SERVICE_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

export interface ListedImage {
  Id: string;
  RepoTags?: string[] | null;
  RepoDigests?: string[] | null;
  Created?: number | string;
  Size?: number;
  Labels?: Record<string, string> | null;
}

/** A container that was made from an image. */
export interface ImageUser {
  id: string;
  name: string;
  /** The engine's word: `running`, `exited`, … */
  state: string;
}

/** All images but the hidden ones between the steps of a build, newest first. */
export async function listImages(client: EngineClient, signal?: AbortSignal): Promise<ImageSummary[]> {
  const given = signal === undefined ? {} : { signal };
  const [images, users] = await Promise.all([
    client.request<ListedImage[]>({ path: '/images/json', ...given }),
    listUsers(client, signal),
  ]);
  return images
    .map((image) => summaryOf(image, users.get(image.Id) ?? []))
    .sort((a, b) => b.createdAt - a.createdAt || a.id.localeCompare(b.id));
}

/** Containers by the id of their image, stopped ones too. */
export async function listUsers(
  client: EngineClient,
  signal?: AbortSignal,
): Promise<Map<string, ImageUser[]>> {
  const containers = await client.request<
    { Id: string; Names?: string[]; ImageID?: string; State?: string }[]
  >({ path: '/containers/json', query: { all: true }, ...(signal === undefined ? {} : { signal }) });
  const users = new Map<string, ImageUser[]>();
  for (const { Id, Names, ImageID, State } of containers) {
    if (ImageID === undefined) continue;
    const id = ImageID.startsWith('sha256:') ? ImageID : `sha256:${ImageID}`;
    const user = {
      id: Id,
      name: Names?.[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
      state: State ?? 'unknown',
    };
    users.set(id, [...(users.get(id) ?? []), user]);
  }
  return users;
}

export function summaryOf(image: ListedImage, users: readonly ImageUser[]): ImageSummary {
  const labels = image.Labels ?? {};
  const project = Object.hasOwn(labels, PROJECT_LABEL) ? labels[PROJECT_LABEL] : undefined;
  const service = Object.hasOwn(labels, SERVICE_LABEL) ? labels[SERVICE_LABEL] : undefined;
  return {
    id: image.Id,
    tags: namesOf(image.RepoTags),
    digests: namesOf(image.RepoDigests),
    createdAt: timeOf(image.Created),
    sizeBytes: image.Size ?? 0,
    usedBy: users.map((user) => user.name).sort(),
    ...(project === undefined || service === undefined ? {} : { builtFor: { project, service } }),
  };
}

/** Older engines write `<none>:<none>` where there is nothing. */
function namesOf(names: string[] | null | undefined): string[] {
  return (names ?? []).filter((name) => !name.startsWith('<none>'));
}

/** The list has seconds, the inspection a date; images without one have the year 1. */
function timeOf(created: number | string | undefined): number {
  const ms = typeof created === 'number' ? created * 1000 : Date.parse(created ?? '');
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}
