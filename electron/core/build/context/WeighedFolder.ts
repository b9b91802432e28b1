export interface HeavyPath {
  /** With `/`; a folder's with one at the end. */
  path: string;
  bytes: number;
  files: number;
}

/** Of the files right in one folder so many are remembered by name. */
const REMEMBERED_FILES = 10;
/** A child with this share of its folder's bytes tells more than the folder. */
const MOST = 0.8;
/** A folder with this share of all is looked into, when what is in it can be listed. */
const LARGE = 0.5;
/** Folders that people think of as one thing, whatever is in them. */
const UNITS = new Set(
  [
    '.git .hg .svn .venv venv env .tox .nox .cache .conda .julia .mypy_cache .pytest_cache .ruff_cache __pycache__',
    'node_modules target build _build dist out output outputs results data datasets checkpoints logs tmp wandb mlruns vendor',
  ].flatMap((line) => line.split(' ')),
);

/** What a folder weighs, with all that is in it: the sum of its parts, kept while a walk goes on. */
export class WeighedFolder {
  bytes = 0;
  files = 0;
  readonly #folders = new Map<string, WeighedFolder>();
  /** The heaviest files right in it, heaviest first. */
  readonly #heavy: { name: string; bytes: number }[] = [];
  #ownFiles = 0;

  /** Adds a file by its path below this folder. */
  add(path: string, bytes: number): void {
    this.bytes += bytes;
    this.files += 1;
    const slash = path.indexOf('/');
    if (slash === -1) {
      this.#remember(path, bytes);
      return;
    }
    const name = path.slice(0, slash);
    let folder = this.#folders.get(name);
    if (folder === undefined) this.#folders.set(name, (folder = new WeighedFolder()));
    folder.add(path.slice(slash + 1), bytes);
  }

  /**
   * The heaviest paths below, heaviest first: a folder stands for all that is in it, and never beside what is in it. One
   * whose weight lies mostly in one child, or that is most of everything and short to list, gives way to what it holds.
   */
  heaviest(count: number): HeavyPath[] {
    const listed = this.#children('');
    for (;;) {
      listed.sort((one, other) => other.bytes - one.bytes || (one.path < other.path ? -1 : 1));
      const at = listed.slice(0, count).findIndex((item) => this.#givesWay(item, count));
      if (at === -1) break;
      const [opened] = listed.splice(at, 1);
      if (opened?.folder !== undefined) listed.push(...opened.folder.#children(opened.path));
    }
    return listed
      .slice(0, count)
      .filter(({ bytes }) => bytes > 0)
      .map(({ path, bytes, files }) => ({ path, bytes, files }));
  }

  #givesWay({ path, bytes, folder }: Listed, count: number): boolean {
    if (folder === undefined || bytes === 0) return false;
    if (UNITS.has(path.split('/').at(-2) ?? '')) return false;
    const heaviest = folder.#children('').reduce((most, child) => Math.max(most, child.bytes), 0);
    if (heaviest >= MOST * bytes) return true;
    return bytes >= LARGE * this.bytes && folder.#folders.size + folder.#ownFiles <= count;
  }

  #children(above: string): Listed[] {
    return [
      ...this.#heavy.map(({ name, bytes }) => ({ path: above + name, bytes, files: 1, folder: undefined })),
      ...[...this.#folders].map(([name, folder]) => ({
        path: `${above}${name}/`,
        bytes: folder.bytes,
        files: folder.files,
        folder,
      })),
    ];
  }

  #remember(name: string, bytes: number): void {
    this.#ownFiles += 1;
    const heavy = this.#heavy;
    const last = heavy.at(-1);
    if (heavy.length >= REMEMBERED_FILES && last !== undefined && last.bytes >= bytes) return;
    let at = heavy.length;
    while (at > 0 && (heavy[at - 1]?.bytes ?? 0) < bytes) at -= 1;
    heavy.splice(at, 0, { name, bytes });
    if (heavy.length > REMEMBERED_FILES) heavy.pop();
  }
}

interface Listed extends HeavyPath {
  folder: WeighedFolder | undefined;
}
