import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, link, mkdir, open, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ResultProblem } from '#shared/domain/Run.ts';

/** Files up to here are held whole, and several of them written at a time. */
const SMALL_BYTES = 256 * 1024;
const WRITES_AT_ONCE = 16;
const FLUSH_CHARS = 64 * 1024;
const PROBLEMS_TOLD = 20;
/** A disk that is full will not take the next file either. */
const HOPELESS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

interface Written {
  size: number;
  sha256: string;
}

/**
 * Writes the files of one worker below a new folder, and the list of them: a line of JSON for each, with its size and SHA-256, or with what kept
 * it out. Nothing but regular files and folders is ever made there, so no path can lead out of it by a link.
 */
export class ResultWriter {
  readonly #folder: string;
  readonly #list: FileHandle;
  readonly #digest: Hash = createHash('sha256');
  readonly #folders = new Set<string>();
  readonly #written = new Map<string, Written>();
  readonly #pending = new Set<Promise<void>>();
  #lines = '';
  #hopeless: unknown;
  /** What was begun, pending writes included. */
  claimedFiles = 0;
  claimedBytes = 0;
  files = 0;
  bytes = 0;
  skipped = 0;
  failed = 0;
  readonly problems: ResultProblem[] = [];

  private constructor(folder: string, list: FileHandle) {
    this.#folder = folder;
    this.#list = list;
  }

  static async create(folder: string, listPath: string): Promise<ResultWriter> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new ResultWriter(folder, await open(listPath, 'wx', 0o600));
  }

  async folder(parts: readonly string[]): Promise<void> {
    const path = join(this.#folder, ...parts);
    if (this.#folders.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o700 });
    this.#folders.add(path);
  }

  /**
   * @param content is read to its end, whatever becomes of the file
   * @throws what makes it pointless to go on: a full disk
   */
  async file(
    parts: readonly string[],
    size: number,
    mtime: Date | undefined,
    content: AsyncIterable<Buffer>,
  ): Promise<void> {
    const path = join(this.#folder, ...parts);
    const name = parts.join('/');
    this.claimedFiles += 1;
    this.claimedBytes += size;
    if (size <= SMALL_BYTES) {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      await this.#queue(name, async () => {
        const whole = Buffer.concat(chunks);
        await this.folder(parts.slice(0, -1));
        await writeFile(path, whole, { flag: 'wx', mode: 0o600 });
        await this.#finish(name, path, mtime, whole.length, createHash('sha256').update(whole).digest('hex'));
      });
    } else await this.#largeFile(parts, name, path, mtime, content);
    if (this.#hopeless !== undefined) throw this.#hopeless;
  }

  /** Another name of a file that was written before. */
  async sameAs(parts: readonly string[], target: readonly string[]): Promise<void> {
    await Promise.all(this.#pending);
    const name = parts.join('/');
    const written = this.#written.get(target.join('/'));
    if (written === undefined)
      return this.problem(name, `${target.join('/')}, which it is another name of, was not copied`, false);
    try {
      await mkdir(dirname(join(this.#folder, ...parts)), { recursive: true, mode: 0o700 });
      await link(join(this.#folder, ...target), join(this.#folder, ...parts));
      this.#enter(name, written.size, written.sha256);
    } catch (error) {
      this.#fail(name, error);
    }
  }

  problem(path: string, reason: string, skipped: boolean): void {
    if (skipped) this.skipped += 1;
    else this.failed += 1;
    if (this.problems.length < PROBLEMS_TOLD) this.problems.push({ path, reason, skipped });
    this.#say({ path, problem: reason, skipped });
  }

  /** Writes what is left. @returns the digest of the list */
  async end(): Promise<string> {
    await Promise.all(this.#pending);
    await this.#flush();
    await this.#list.sync();
    await this.#list.close();
    return this.#digest.digest('hex');
  }

  async #largeFile(
    parts: readonly string[],
    name: string,
    path: string,
    mtime: Date | undefined,
    content: AsyncIterable<Buffer>,
  ): Promise<void> {
    const hash = createHash('sha256');
    let handle: FileHandle | undefined;
    let failure: unknown;
    let size = 0;
    try {
      await this.folder(parts.slice(0, -1));
      handle = await open(path, 'wx', 0o600);
    } catch (error) {
      failure = error;
    }
    try {
      for await (const chunk of content) {
        if (failure !== undefined || handle === undefined) continue;
        hash.update(chunk);
        size += chunk.length;
        await handle.appendFile(chunk).catch((error: unknown) => (failure = error));
      }
    } finally {
      await handle?.close();
    }
    if (failure === undefined) await this.#finish(name, path, mtime, size, hash.digest('hex'));
    else this.#fail(name, failure);
  }

  async #queue(name: string, write: () => Promise<void>): Promise<void> {
    while (this.#pending.size >= WRITES_AT_ONCE) await Promise.race(this.#pending);
    const done = write()
      .catch((error: unknown) => this.#fail(name, error))
      .finally(() => this.#pending.delete(done));
    this.#pending.add(done);
    if (this.#lines.length > FLUSH_CHARS) await this.#flush();
  }

  async #finish(
    name: string,
    path: string,
    mtime: Date | undefined,
    size: number,
    sha256: string,
  ): Promise<void> {
    // A time that the disk cannot hold is no loss.
    if (mtime !== undefined) await utimes(path, mtime, mtime).catch(() => undefined);
    this.#enter(name, size, sha256);
  }

  #enter(path: string, size: number, sha256: string): void {
    this.files += 1;
    this.bytes += size;
    this.#written.set(path, { size, sha256 });
    this.#say({ path, size, sha256 });
  }

  #fail(name: string, error: unknown): void {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (HOPELESS.has(code)) this.#hopeless ??= error;
    this.problem(name, code === 'EEXIST' ? 'it comes twice in the archive' : message, false);
  }

  #say(line: object): void {
    this.#lines += `${JSON.stringify(line)}\n`;
  }

  async #flush(): Promise<void> {
    const lines = this.#lines;
    this.#lines = '';
    if (lines === '') return;
    this.#digest.update(lines);
    await this.#list.appendFile(lines);
  }
}
