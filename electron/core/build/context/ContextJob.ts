import { IgnoreRules } from '../ignoreRules.ts';
import {
  type ContextEntry,
  type ContextLimits,
  type ContextTree,
  emptyTree,
  type SkippedEntry,
  walkContext,
  type WalkOptions,
} from '../walkContext.ts';
import { ContextPacker, type PackedChunk, type PackPosition } from './ContextPacker.ts';
import { type MeasuredContext, measureSteps } from './measureSteps.ts';

/** What a walk is asked for: plain data, for threads. */
export interface WalkRequest {
  /** A real path. */
  root: string;
  ignore: { text: string; file: string };
  /** Kept whatever the rules say. */
  always: readonly string[];
}

/** What a build needs to know of a walked context; the entries themselves stay where they were read. */
export interface WalkedContext {
  /** Of what the rules keep. */
  files: number;
  bytes: number;
  skipped: SkippedEntry[];
  /** Those of `always` that the rules leave out: not packed, given by name to whom they belong. */
  forced: ContextEntry[];
  /** Those of `always` that the rules keep. */
  kept: ContextEntry[];
}

/** Entries that a chunk wants to find: as many small files as fill one. */
const AHEAD = 256;

/**
 * One context's walk, packs and sizes: the work itself, with calls that wait for the disk. What is packed need not wait
 * for the end of the walk: it begins with what is known.
 */
export class ContextJob {
  readonly #packers = new Map<number, ContextPacker>();
  #root = '';
  #tree: ContextTree = emptyTree();
  /** What every pack holds; grows while the walk goes on. */
  #common: ContextEntry[] = [];
  /** Entries that are there for one of `always` only. */
  readonly #forced = new Set<ContextEntry>();
  #walk: Generator<void, WalkedContext> | undefined;
  #walked: WalkedContext | undefined;
  #problem: unknown;
  /** Which entries are everybody's is known only at the end of the walk. */
  #mustWait = false;

  begin(request: WalkRequest, limits: ContextLimits): void {
    const { root, always } = request;
    const ignore = IgnoreRules.parse(request.ignore.text, request.ignore.file);
    const isLeftOut = (path: string): boolean => ignore.judgeDeep(path).ignored;
    this.#root = root;
    this.#common = this.#tree.entries;
    this.#mustWait = always.some(isLeftOut);
    this.#walk = this.#steps({ root, ignore, always, limits, tree: this.#tree }, isLeftOut);
  }

  /** Goes on with the walk a little. @returns its result, once it has ended @throws BuildProblem, each time once it failed */
  advance(): WalkedContext | undefined {
    if (this.#walked !== undefined) return this.#walked;
    if (this.#problem !== undefined) throw this.#problem;
    try {
      const step = this.#walk?.next();
      if (step?.done === true) this.#walked = step.value;
    } catch (error) {
      this.#problem = error;
      throw error;
    }
    return this.#walked;
  }

  *#steps(
    options: WalkOptions & { always: readonly string[] },
    isLeftOut: (path: string) => boolean,
  ): Generator<void, WalkedContext> {
    const { always } = options;
    const tree = yield* walkContext(options);
    const forced = tree.entries.filter(({ path }) => always.includes(path) && isLeftOut(path));
    for (const entry of forced) this.#forced.add(entry);
    // A folder on the way to one of them goes with it, unless it is also on the way to something the rules keep.
    for (const folder of forced.length === 0 ? [] : tree.entries) {
      if (folder.kind !== 'folder' || !forced.some(({ path }) => path.startsWith(`${folder.path}/`)))
        continue;
      if (!isLeftOut(folder.path)) continue;
      const inside = tree.entries.filter(({ path }) => path.startsWith(`${folder.path}/`));
      if (inside.every((entry) => entry.kind === 'folder' || this.#forced.has(entry)))
        this.#forced.add(folder);
    }
    if (this.#forced.size > 0) this.#common = tree.entries.filter((entry) => !this.#forced.has(entry));
    return {
      files: tree.files - forced.filter((entry) => entry.kind !== 'folder').length,
      bytes: tree.bytes - forced.reduce((sum, entry) => sum + entry.sizeBytes, 0),
      skipped: tree.skipped,
      forced,
      kept: tree.entries.filter((entry) => always.includes(entry.path) && !this.#forced.has(entry)),
    };
  }

  /** What the walk found, as one of those it was made for sees it; `count` entries from `from` on. */
  entries(always: readonly string[], from: number, count: number): ContextEntry[] {
    return this.#tree.entries
      .slice(from, from + count)
      .filter(
        (entry) =>
          !this.#forced.has(entry) ||
          always.some((path) => path === entry.path || path.startsWith(`${entry.path}/`)),
      );
  }

  get entryCount(): number {
    return this.#tree.entries.length;
  }

  /**
   * The next chunk of a pack, begun where `at` says when it is new, in `memory` of an earlier one.
   * @throws BuildProblem, also that of the walk
   */
  next(pack: number, at: PackPosition, memory?: ArrayBuffer): PackedChunk {
    const wanted = this.#mustWait ? Number.POSITIVE_INFINITY : at.entry + AHEAD;
    while (this.#tree.entries.length < wanted && this.advance() === undefined);
    let packer = this.#packers.get(pack);
    if (packer === undefined) {
      packer = new ContextPacker({ root: this.#root, entries: this.#common, at });
      this.#packers.set(pack, packer);
    }
    return packer.next(this.#walked !== undefined, memory);
  }

  endPack(pack: number): void {
    this.#packers.get(pack)?.close();
    this.#packers.delete(pack);
  }

  /** What a context weighs and where, without keeping its entries. @throws BuildProblem */
  measure(request: WalkRequest): Generator<void, MeasuredContext> {
    return measureSteps(request);
  }

  close(): void {
    // Ends its open folders too.
    this.#walk?.return(undefined as never);
    for (const pack of [...this.#packers.keys()]) this.endPack(pack);
  }
}
