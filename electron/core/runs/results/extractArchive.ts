import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { metricWords } from '#shared/metrics/metricWords.ts';
import type { ResultWriter } from './ResultWriter.ts';
import { safeParts } from './safePath.ts';

const KINDS: Readonly<Record<string, string>> = {
  'character-device': 'a device',
  'block-device': 'a device',
  fifo: 'a named pipe',
};

/** Beside files, an archive may have so many folders and links at least. */
const FURTHER_ENTRIES = 10_000;

export interface ResultLimits {
  maxBytes: number;
  maxFiles: number;
}

/** More than the limits allow was found: what came before is kept. */
export class TooMuch extends Error {}

/**
 * Writes the files of an archive, which is that of one path of a container (Docker Engine API, `GET /containers/{id}/archive`): its entries begin
 * with the path's last part. Links are told and not followed, devices told; nothing is held but one small file at a time.
 *
 * @param path absolute in the container; the files lie below it also in the results
 * @throws TooMuch, or what broke the archive off or makes it pointless to go on
 */
export async function extractArchive(
  archive: Readable,
  path: string,
  writer: ResultWriter,
  limits: ResultLimits,
  onEntry: () => void,
): Promise<void> {
  const outer = path.split('/').filter((part) => part !== '');
  const last = outer.pop() ?? '';
  const entries = extract();
  const piped = pipeline(archive, entries);
  // Its failure is that of the loop below, too.
  piped.catch(() => undefined);
  let seen = 0;
  for await (const entry of entries) {
    onEntry();
    // Folders and links take their place, too.
    if ((seen += 1) > 4 * limits.maxFiles + FURTHER_ENTRIES) throw tooMany(limits);
    const { header } = entry;
    const found = placeOf(header.name, outer, last);
    if ('reason' in found) writer.problem(header.name, found.reason, false);
    else if (header.type === 'directory') await writer.folder(found.parts);
    else if (header.type === 'file' || header.type === 'contiguous-file' || header.type === null) {
      assertRoom(header, writer, limits);
      await writer.file(found.parts, header.size, header.mtime, entry as AsyncIterable<Buffer>);
      continue;
    } else if (header.type === 'link') await writeLink(header, found.parts, outer, last, writer);
    else tellSpecial(header, found.parts, path, writer);
    entry.resume();
  }
  await piped;
}

function placeOf(name: string, outer: string[], last: string): { parts: string[] } | { reason: string } {
  const found = safeParts(name);
  if ('reason' in found) return found;
  if (found.parts[0] !== last) return { reason: 'it is not below the path that was asked for' };
  return safeParts([...outer, ...found.parts].join('/'));
}

const sizeWords = (bytes: number): string => metricWords(bytes, 'bytes');

function tooMany({ maxFiles }: ResultLimits): TooMuch {
  return new TooMuch(`there are more than ${maxFiles} files; x-flotilla.results.max_files lets more through`);
}

function assertRoom({ name, size }: Header, writer: ResultWriter, limits: ResultLimits): void {
  const { maxBytes, maxFiles } = limits;
  if (writer.claimedFiles + 1 > maxFiles) throw tooMany(limits);
  if (writer.claimedBytes + size > maxBytes)
    throw new TooMuch(
      `with ${name} (${sizeWords(size)}) it is more than ${sizeWords(maxBytes)}; x-flotilla.results.max_size lets more through`,
    );
}

/** A further name of a file (a hard link): the archive has it by its first name. */
async function writeLink(
  { linkname }: Header,
  parts: string[],
  outer: string[],
  last: string,
  writer: ResultWriter,
): Promise<void> {
  const target = placeOf(linkname ?? '', outer, last);
  if ('reason' in target) writer.problem(parts.join('/'), `a link, and ${target.reason}`, false);
  else await writer.sameAs(parts, target.parts);
}

function tellSpecial({ type, linkname }: Header, parts: string[], path: string, writer: ResultWriter): void {
  const name = parts.join('/');
  // The path itself: what was to be copied is somewhere else.
  const isWhole = name === path.slice(1);
  if (type === 'symlink')
    writer.problem(
      name,
      isWhole
        ? `it is a symbolic link to ${linkname ?? ''}: declare that path instead`
        : `a symbolic link to ${linkname ?? ''}, which is not followed`,
      !isWhole,
    );
  else writer.problem(name, KINDS[type ?? ''] ?? 'no file', !isWhole);
}
