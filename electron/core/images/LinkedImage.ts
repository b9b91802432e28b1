import type { ImageSummary } from '#shared/domain/Image.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { type ListedImage, listUsers, summaryOf } from './listImages.ts';

/** An image with what it stands on. Only the classic builder leaves such links; elsewhere no image has a parent. */
export interface LinkedImage extends ImageSummary {
  /** Id of the image it was built on, where the engine has it. */
  parentId?: string | undefined;
  /** The engine leaves it out of its list: it has no name, and others were built on it. */
  hidden: boolean;
}

/** All images, the hidden ones too, newest first. */
export async function listLinkedImages(client: EngineClient): Promise<LinkedImage[]> {
  type Listed = ListedImage & { ParentId?: string };
  const [all, shown, users] = await Promise.all([
    client.request<Listed[]>({ path: '/images/json', query: { all: true } }),
    client.request<Listed[]>({ path: '/images/json' }),
    listUsers(client),
  ]);
  const inList = new Set(shown.map(({ Id }) => Id));
  const known = new Set(all.map(({ Id }) => Id));
  return all
    .map((image) => ({
      ...summaryOf(image, users.get(image.Id) ?? []),
      ...(image.ParentId !== undefined && known.has(image.ParentId) ? { parentId: image.ParentId } : {}),
      hidden: !inList.has(image.Id),
    }))
    .sort((a, b) => b.createdAt - a.createdAt || a.id.localeCompare(b.id));
}

/** The images built on each, by its id. */
export function childrenOf(images: readonly LinkedImage[]): Map<string, LinkedImage[]> {
  const children = new Map<string, LinkedImage[]>();
  for (const image of images) {
    if (image.parentId === undefined) continue;
    const known = children.get(image.parentId);
    if (known === undefined) children.set(image.parentId, [image]);
    else known.push(image);
  }
  return children;
}

/** The image it was built on, the one that was built on, and so on. */
export function ancestorsOf(image: LinkedImage, byId: ReadonlyMap<string, LinkedImage>): LinkedImage[] {
  const above: LinkedImage[] = [];
  for (let id = image.parentId; id !== undefined; ) {
    const parent = byId.get(id);
    if (parent === undefined) break;
    above.push(parent);
    id = parent.parentId;
  }
  return above;
}
