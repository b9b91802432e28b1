import { parseReference } from '#shared/image/parseReference.ts';

/** Whether a text is the id of an image, whole or its beginning. */
export function isImageId(image: string): boolean {
  return /^sha256:[0-9a-f]{3,64}$/.test(image) || /^[0-9a-f]{12,64}$/.test(image);
}

/**
 * The path of an image's own requests. Only ids and references get into a path: anything else could name another object of the engine.
 * @throws FlotillaError `invalid-input`
 */
export function imagePath(image: string): string {
  if (isImageId(image)) return `/images/${image}`;
  const { name, tag, digest } = parseReference(image);
  return `/images/${name}${digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`}`;
}
