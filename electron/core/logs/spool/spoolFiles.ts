import { join } from 'node:path';

const numbered = (segment: number): string => String(segment).padStart(6, '0');

/** The records of a segment. */
export const segmentPath = (folder: string, segment: number): string =>
  join(folder, `${numbered(segment)}.log`);

/** The sparse index beside it. */
export const indexPath = (folder: string, segment: number): string =>
  join(folder, `${numbered(segment)}.index`);

/** Number of the segment a file name stands for; undefined for any other file. */
export function segmentOfName(name: string): number | undefined {
  const digits = /^(\d{6,})\.log$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export const META_NAME = 'container.json';
export const LOCK_NAME = 'lock';
