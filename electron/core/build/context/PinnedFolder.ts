import { closeSync, constants, openSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { onDisk } from './onDisk.ts';

/**
 * A folder of the context, held open while its entries are looked at: what is opened through `at` lies in this very folder,
 * also when it is moved or replaced by a link meanwhile. Where the system cannot do that (no /proc), `at` is its path,
 * and `holds` looks again.
 */
export class PinnedFolder {
  /** Put before a name: `${at}${name}`. */
  readonly at: string;
  readonly #root: string;
  readonly #fd: number | undefined;

  private constructor(root: string, at: string, fd: number | undefined) {
    this.#root = root;
    this.at = at;
    this.#fd = fd;
  }

  /**
   * @param path inside `root`, with `/`; '' is the root itself
   * @returns undefined when what is there lies outside the root
   * @throws what the system says, e.g. ENOENT, ENOTDIR or ELOOP (a link now), EACCES
   */
  static open(root: string, path: string): PinnedFolder | undefined {
    const place = onDisk(root, path);
    if (process.platform !== 'linux')
      return isInside(root, realpathSync(place))
        ? new PinnedFolder(root, withSlash(place), undefined)
        : undefined;
    const fd = openSync(place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      const handle = `/proc/self/fd/${fd}`;
      const real = linkTarget(handle);
      if (!isInside(root, real ?? realpathSync(place))) {
        closeSync(fd);
        return undefined;
      }
      if (real !== undefined) return new PinnedFolder(root, `${handle}/`, fd);
      closeSync(fd);
      return new PinnedFolder(root, withSlash(place), undefined);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** To be asked after an entry was opened: whether that one lay inside the root. */
  holds(name: string): boolean {
    if (this.#fd !== undefined) return true;
    try {
      return isInside(this.#root, realpathSync(dirname(this.at + name)));
    } catch {
      return false;
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

function linkTarget(handle: string): string | undefined {
  try {
    return readlinkSync(handle);
  } catch {
    return undefined;
  }
}

const withSlash = (path: string): string => (path.endsWith(sep) ? path : path + sep);

const isInside = (root: string, place: string): boolean =>
  place === root || place.startsWith(withSlash(root));
