import type { ServiceReader } from './ServiceReader.ts';

const NAME = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;

/** The grammar of image references (distribution/reference), with a reason a person can use. */
export function checkImage(reader: ServiceReader, image: string): void {
  const at = reader.at('image');
  if (at === undefined) return;
  const reason = badImage(image);
  if (reason !== undefined)
    reader.error(
      'bad-image',
      at,
      `“${image.slice(0, 80)}” is no image: ${reason}.`,
      'Write [registry/]name[:tag], as in python:3.11-slim or localhost:5000/solver:2.',
    );
}

function badImage(image: string): string | undefined {
  if (image.trim() === '') return 'it is empty';
  if (/^[a-z]+:\/\//i.test(image)) return 'it is an address; leave out the part up to “//”';
  const [named = '', digest] = image.split('@', 2);
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    return 'its digest is not sha256: and 64 hexadecimal digits';
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))
    return tag.length > 128 ? 'its tag is longer than 128 characters' : `“${tag}” is no tag`;
  const path = hasTag ? named.slice(0, colon) : named;
  const parts = path.split('/');
  const first = parts[0] ?? '';
  const hasRegistry =
    parts.length > 1 && /^[A-Za-z0-9]/.test(first) && (/[.:]/.test(first) || first === 'localhost');
  const names = hasRegistry ? parts.slice(1) : parts;
  if (hasRegistry && !/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(first)) return `“${first}” is no registry`;
  if (names.some((part) => /[A-Z]/.test(part))) return 'names are written in lower case';
  if (names.some((part) => !NAME.test(part))) return 'its name contains a sign that is not allowed there';
  return path.length > 255 ? 'its name is longer than 255 characters' : undefined;
}
