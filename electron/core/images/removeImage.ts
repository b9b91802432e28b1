import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagePath, isImageId } from './imagePath.ts';
import { explainMissing, type ImageInspection } from './inspectImage.ts';
import { type ImageUser, listUsers } from './listImages.ts';

export interface Removal {
  removed: string[];
  untagged: string[];
}

/**
 * By reference: takes that tag away, and the image with its last one. By id: takes the whole image away with all its tags, or nothing.
 * `force`: also while stopped containers use it (they stay, and can no longer be made again from it).
 * `keepParents`: nameless images that only this one stood on stay; the engine takes them along otherwise.
 *
 * @throws FlotillaError `conflict` that names the containers; `not-found`
 */
export async function removeImage(
  client: EngineClient,
  image: string,
  {
    force = false,
    keepParents = false,
  }: { force?: boolean | undefined; keepParents?: boolean | undefined } = {},
): Promise<Removal> {
  const path = imagePath(image);
  let inspection: ImageInspection;
  try {
    inspection = await client.request<ImageInspection>({ path: `${path}/json` });
  } catch (error) {
    throw explainMissing(error, image);
  }
  const names = namesOf(inspection);
  const isWhole = isImageId(image) || names.length < 2;
  const called = isImageId(image) ? callOf(inspection) : image;
  // Taking one tag of several away harms no container.
  if (isWhole) refuseUsed(called, await usersOf(client, inspection.Id), force);
  if (!isImageId(image) || names.length < 2 || force)
    return remove(client, called, path, inspection.Id, { force, keepParents });
  return removeNames(client, called, inspection.Id, names, keepParents);
}

/** What a person calls an image: a tag, rather one without a registry, or its short id. */
function callOf({ Id, RepoTags }: ImageInspection): string {
  const tags = (RepoTags ?? []).filter((tag) => !tag.startsWith('<none>'));
  return tags.find((tag) => !tag.includes('/')) ?? tags[0] ?? Id.replace(/^sha256:/, '').slice(0, 12);
}

/** Its tags, and the digests of repositories it has no tag of: an image goes with the last of them. */
function namesOf({ RepoTags, RepoDigests }: ImageInspection): string[] {
  const tags = (RepoTags ?? []).filter((tag) => !tag.startsWith('<none>'));
  const repositories = new Set(tags.map((tag) => tag.slice(0, tag.lastIndexOf(':'))));
  const digests = (RepoDigests ?? []).filter(
    (digest) => !digest.startsWith('<none>') && !repositories.has(digest.slice(0, digest.indexOf('@'))),
  );
  return [...digests, ...tags];
}

/** One name after the other, for the engine removes no image of several by its id; tags come back when one is refused. */
async function removeNames(
  client: EngineClient,
  image: string,
  id: string,
  names: readonly string[],
  keepParents: boolean,
): Promise<Removal> {
  const done: Removal = { removed: [], untagged: [] };
  const gone: string[] = [];
  try {
    for (const name of names) {
      const options = { force: false, keepParents };
      const { removed, untagged } = await remove(client, image, imagePath(name), id, options);
      if (!name.includes('@')) gone.push(name);
      done.removed.push(...removed);
      done.untagged.push(...untagged);
    }
    return done;
  } catch (error) {
    for (const tag of gone) await restoreTag(client, id, tag);
    throw error;
  }
}

async function restoreTag(client: EngineClient, id: string, tag: string): Promise<void> {
  const colon = tag.lastIndexOf(':');
  await client
    .request({
      method: 'POST',
      path: `${imagePath(id)}/tag`,
      query: { repo: tag.slice(0, colon), tag: tag.slice(colon + 1) },
    })
    .catch(() => undefined);
}

async function remove(
  client: EngineClient,
  image: string,
  path: string,
  id: string,
  { force, keepParents }: { force: boolean; keepParents: boolean },
): Promise<Removal> {
  try {
    const answer = await client.request<{ Untagged?: string; Deleted?: string }[] | undefined>({
      method: 'DELETE',
      path,
      query: { force, noprune: keepParents },
    });
    const of = (key: 'Untagged' | 'Deleted'): string[] =>
      (answer ?? []).flatMap((entry) => (entry[key] === undefined ? [] : [entry[key]]));
    return { removed: of('Deleted'), untagged: of('Untagged') };
  } catch (error) {
    if (!(error instanceof FlotillaError) || error.detail?.['statusCode'] !== 409)
      throw explainMissing(error, image);
    // It may have come into use between our look and the engine's.
    refuseUsed(image, await usersOf(client, id), force);
    if (/dependent child images/.test(error.message))
      throw new FlotillaError(
        'conflict',
        `The image ${image} cannot be removed: other images were built on it.`,
        {
          hint: 'Remove those first.',
          detail: { statusCode: 409 },
        },
      );
    throw error;
  }
}

async function usersOf(client: EngineClient, id: string): Promise<ImageUser[]> {
  return (await listUsers(client)).get(id) ?? [];
}

/** @throws FlotillaError `conflict` with `detail.containers` and, where force would help, `detail.forcible` */
function refuseUsed(image: string, users: readonly ImageUser[], force: boolean): void {
  if (users.length === 0) return;
  const live = users.filter((user) => ['running', 'paused', 'restarting'].includes(user.state));
  if (force && live.length === 0) return;
  const named = live.length > 0 ? live : users;
  const containers = named.map((user) => user.name);
  throw new FlotillaError(
    'conflict',
    `The image ${image} is used by ${live.length > 0 ? '' : 'stopped '}container${containers.length === 1 ? '' : 's'} ${listOf(containers)}.`,
    {
      hint:
        live.length > 0
          ? 'Stop and remove what uses it first.'
          : 'Remove the containers first, or force it: they stay, but without their image.',
      detail: { containers, forcible: live.length === 0 },
    },
  );
}

export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
