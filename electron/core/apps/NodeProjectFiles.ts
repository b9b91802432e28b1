import { createHash } from 'node:crypto';
import { type Dirent, constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { FileText, ProjectFiles } from '#shared/compose/ComposeApi.ts';
import { FOLDERS_NOT_READ } from './foldersNotRead.ts';

const MOST_PATHS = 20_000;
/** Node reads four at a time; the others wait without a round through the event loop in between. */
const FOLDERS_AT_ONCE = 16;
const LARGEST_TEXT_BYTES = 4 * 1024 * 1024;

/** A project folder as the compose reader wants it: nothing outside the folder is ever read, whatever links point to. */
export class NodeProjectFiles implements ProjectFiles {
  readonly folderName: string;
  readonly #root: string;

  /** @param root real path of the folder */
  constructor(root: string) {
    this.#root = root;
    this.folderName = basename(root);
  }

  async list(): Promise<{ paths: string[]; truncated: boolean }> {
    const paths: string[] = [];
    const folders = [''];
    for (let from = 0; from < folders.length; ) {
      const wave = folders.slice(from, from + FOLDERS_AT_ONCE);
      from += wave.length;
      const listings = await Promise.all(wave.map((folder) => this.#entriesOf(folder)));
      for (const [at, entries] of listings.entries()) {
        const folder = wave[at];
        for (const entry of entries) {
          const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
          if (entry.isDirectory()) {
            if (!FOLDERS_NOT_READ.has(entry.name)) folders.push(path);
          } else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path);
          if (paths.length >= MOST_PATHS || folders.length >= MOST_PATHS) return { paths, truncated: true };
        }
      }
    }
    return { paths, truncated: false };
  }

  /** Sorted by name. A folder that cannot be read is as good as empty here; what is needed from it will say so when it is read. */
  async #entriesOf(folder: string): Promise<Dirent[]> {
    const entries = await readdir(join(this.#root, folder), { withFileTypes: true }).catch(() => []);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async read(path: string): Promise<FileText> {
    if (path.includes('\0') || path.startsWith('/') || path.split('/').includes('..'))
      return refuse('outside', `${path} lies outside the project folder.`);
    try {
      const real = await realpath(join(this.#root, path));
      if (real !== this.#root && !real.startsWith(this.#root + sep))
        return refuse('outside', `${path} is a link that leads outside the project folder.`);
      // A pipe would block the reader for ever, so the kind is asked first and the opening does not wait.
      const kind = await lstat(real);
      if (!kind.isFile())
        return refuse('not-a-file', `${path} is ${kind.isDirectory() ? 'a folder' : 'no plain file'}.`);
      const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const { size } = await file.stat();
        if (size > LARGEST_TEXT_BYTES)
          return refuse('too-large', `${path} is larger than ${LARGEST_TEXT_BYTES / 1024 / 1024} MiB.`);
        return decode(path, await file.readFile());
      } finally {
        await file.close();
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return refuse('missing', `${path} does not exist.`);
      if (code === 'ELOOP') return refuse('unreadable', `${path} is a link that leads back to itself.`);
      if (code === 'EACCES' || code === 'EPERM')
        return refuse('unreadable', `${path} may not be read by you.`);
      return refuse('unreadable', `${path} cannot be read (${code ?? String(error)}).`);
    }
  }

  async leadsOut(path: string): Promise<string | undefined> {
    try {
      const real = await realpath(join(this.#root, path));
      return real === this.#root || real.startsWith(this.#root + sep) ? undefined : real;
    } catch {
      // What is not there is told elsewhere; the engine would refuse to mount it.
      return undefined;
    }
  }

  hash(text: string): string {
    return createHash('sha256').update(text, 'utf8').digest('hex');
  }
}

function decode(path: string, bytes: Buffer): FileText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refuse('not-utf8', `${path} is UTF-16; save it as UTF-8.`);
  }
  if (bytes.includes(0)) return refuse('binary', `${path} is no text file: it contains zero bytes.`);
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return refuse('not-utf8', `${path} is not UTF-8; save it as UTF-8.`);
  }
}

function refuse(reason: Extract<FileText, { ok: false }>['reason'], message: string): FileText {
  return { ok: false, reason, message };
}
