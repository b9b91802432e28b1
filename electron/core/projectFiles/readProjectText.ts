import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';
import { cannotBeOpened } from './projectPath.ts';

export const LARGEST_TEXT_BYTES = 1024 * 1024;

/**
 * Reads a text file for editing.
 *
 * @param real where it is, links followed
 * @param path inside the project, for the answer
 * @throws FlotillaError when it is no UTF-8 text of at most 1 MiB
 */
export async function readProjectText(real: string, path: string): Promise<ProjectFile> {
  // A pipe would block the reader for ever, and a link that was put here meanwhile may lead anywhere.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const opened = await open(real, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw cannotBeOpened(path, error);
  });
  if (opened === undefined) return { path, text: '', version: '', exists: false, bom: false, lineEnds: 'lf' };
  try {
    const found = await opened.stat();
    if (!found.isFile())
      throw new FlotillaError(
        'invalid-input',
        `${path} is ${found.isDirectory() ? 'a folder' : 'no plain file'}.`,
      );
    if (found.size > LARGEST_TEXT_BYTES) throw tooLarge(path);
    const bytes = await opened.readFile();
    if (bytes.length > LARGEST_TEXT_BYTES) throw tooLarge(path);
    return { path, ...decode(path, bytes), version: versionOf(bytes), exists: true };
  } finally {
    await opened.close();
  }
}

/** SHA-256 of a file's bytes. */
export function versionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function tooLarge(path: string): FlotillaError {
  return new FlotillaError('too-large', `${path} is larger than 1 MiB.`, {
    hint: 'No file of this kind written by a person is; edit it elsewhere.',
  });
}

function decode(path: string, bytes: Buffer): Pick<ProjectFile, 'text' | 'bom' | 'lineEnds'> {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new FlotillaError('invalid-input', `${path} is UTF-16.`, { hint: 'Save it as UTF-8.' });
  if (bytes.includes(0))
    throw new FlotillaError('invalid-input', `${path} is no text file: it contains zero bytes.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FlotillaError('invalid-input', `${path} is not UTF-8.`, {
      hint: 'Save it as UTF-8.',
      cause: error,
    });
  }
  const bom = text.startsWith('\uFEFF');
  return { text: bom ? text.slice(1) : text, bom, lineEnds: lineEndsOf(text) };
}

function lineEndsOf(text: string): ProjectFile['lineEnds'] {
  if (!text.includes('\r')) return 'lf';
  // A return that ends no line, or a line that ends without: both kinds, and no editor may choose one.
  return /\r(?!\n)|(?<!\r)\n/.test(text) ? 'mixed' : 'crlf';
}
