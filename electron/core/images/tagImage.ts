import { FlotillaError } from '#shared/contract/errors.ts';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { parseReference } from '#shared/image/parseReference.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagePath } from './imagePath.ts';
import { explainMissing, inspectImage } from './inspectImage.ts';

/** Gives an image one more name; a name that another image had moves. @throws FlotillaError `invalid-input`, `not-found` */
export async function tagImage(
  client: EngineClient,
  image: string,
  reference: string,
): Promise<ImageSummary> {
  const path = imagePath(image);
  const { name, tag = 'latest', digest } = parseReference(reference);
  if (digest !== undefined)
    throw new FlotillaError('invalid-input', `“${reference}” names a digest: a tag cannot be one.`, {
      hint: 'Write name:tag.',
    });
  try {
    await client.request({ method: 'POST', path: `${path}/tag`, query: { repo: name, tag } });
  } catch (error) {
    throw explainMissing(error, image);
  }
  const { id, tags, digests, createdAt, sizeBytes, usedBy, builtFor } = await inspectImage(
    client,
    `${name}:${tag}`,
  );
  return { id, tags, digests, createdAt, sizeBytes, usedBy, builtFor };
}
