import { END_OF_TAR_BYTES, paddedSize, type TarEntry, tarHeader } from './tarHeader.ts';

/** A file that is in the tar only: its header, content and padding. */
export function tarFile(
  path: string,
  content: Buffer,
  { mode, modifiedMs, owner }: Pick<TarEntry, 'mode' | 'modifiedMs' | 'owner'>,
): Buffer {
  const header = tarHeader({ path, kind: 'file', sizeBytes: content.length, mode, modifiedMs, owner });
  return Buffer.concat([header, content, Buffer.alloc(paddedSize(content.length) - content.length)]);
}

export const endOfTar = (): Buffer => Buffer.alloc(END_OF_TAR_BYTES);
