import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileText, ProjectFiles } from '#shared/compose/ComposeApi.ts';
import { NodeProjectFiles } from './NodeProjectFiles.ts';

/**
 * A project folder as the resolver of compose files wants it. Nothing outside of it is read for what a file says (`include`, `extends`,
 * `env_file`), only what a person has named.
 */
export class NodeConfigFiles implements Pick<ProjectFiles, 'read' | 'hash'> {
  readonly #root: string;
  readonly #inside: NodeProjectFiles;
  readonly #named: ReadonlySet<string>;

  /**
   * @param root real path of the folder
   * @param named paths that may be read wherever they are, absolute or relative to the folder
   */
  constructor(root: string, named: readonly string[] = []) {
    this.#root = root;
    this.#inside = new NodeProjectFiles(root);
    this.#named = new Set(named.map((path) => resolve(root, path)));
  }

  async read(path: string): Promise<FileText> {
    const inside = await this.#inside.read(path);
    const absolute = join(this.#root, path);
    if (inside.ok || inside.reason !== 'outside' || !this.#named.has(absolute)) return inside;
    // Who names a link means what it leads to.
    const real = await realpath(absolute).catch(() => absolute);
    return new NodeProjectFiles(dirname(real)).read(basename(real));
  }

  hash(text: string): string {
    return this.#inside.hash(text);
  }
}
