import { FlotillaError } from '#shared/contract/errors.ts';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { parseReference } from '#shared/image/parseReference.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagePath } from './imagePath.ts';
import { explainMissing, inspectImage } from './inspectImage.ts';

/**
 * Gives an image one more name. A name that another image has moves only with `replace`: the other image may be left without any, and
 * pruning takes such images.
 *
 * @throws FlotillaError `invalid-input`; `not-found`; `conflict` with that image as `detail.owner` (an ImageSummary)
 */
export async function tagImage(
  client: EngineClient,
  image: string,
  reference: string,
  { replace = false }: { replace?: boolean | undefined } = {},
): Promise<ImageSummary> {
  const path = imagePath(image);
  const { name, tag = 'latest', digest } = parseReference(reference);
  if (digest !== undefined)
    throw new FlotillaError('invalid-input', `“${reference}” names a digest: a tag cannot be one.`, {
      hint: 'Write name:tag.',
    });
  const full = `${name}:${tag}`;
  if (!replace) await refuseTaken(client, image, full);
  try {
    await client.request({ method: 'POST', path: `${path}/tag`, query: { repo: name, tag } });
  } catch (error) {
    throw explainMissing(error, image);
  }
  return (await lookUp(client, full)) ?? summarise(client, image);
}

async function refuseTaken(client: EngineClient, image: string, full: string): Promise<void> {
  const owner = await lookUp(client, full);
  if (owner === undefined) return;
  const { id } = await summarise(client, image);
  if (owner.id === id) return;
  const isLast = owner.tags.length < 2;
  throw new FlotillaError('conflict', `${full} is the name of another image, ${shortId(owner.id)}.`, {
    hint: isLast
      ? 'Choose another name, or move this one (replace): the other image is left without a name then.'
      : 'Choose another name, or move this one (replace): the other image keeps its other names.',
    detail: { owner },
  });
}

/** Undefined where no image has that name. */
async function lookUp(client: EngineClient, full: string): Promise<ImageSummary | undefined> {
  try {
    return await summarise(client, full);
  } catch (error) {
    if (error instanceof FlotillaError && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function summarise(client: EngineClient, image: string): Promise<ImageSummary> {
  const { id, tags, digests, createdAt, sizeBytes, usedBy, builtFor } = await inspectImage(client, image);
  return { id, tags, digests, createdAt, sizeBytes, usedBy, builtFor };
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
