import { referenceFault } from '../image/parseReference.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The grammar of image references (distribution/reference), with a reason a person can use. */
export function checkImage(reader: ServiceReader, image: string): void {
  const at = reader.at('image');
  if (at === undefined) return;
  const reason = referenceFault(image.trim());
  if (reason !== undefined)
    reader.error(
      'bad-image',
      at,
      `“${image.slice(0, 80)}” is no image: ${reason}.`,
      'Write [registry/]name[:tag], as in python:3.11-slim or localhost:5000/solver:2.',
    );
}
