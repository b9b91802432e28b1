import { IgnoreRules } from '../ignoreRules.ts';
import {
  type ContextEntry,
  type ContextLimits,
  type ContextTree,
  type SkippedEntry,
  walkContext,
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

/** One context's walk, packs and sizes: the work itself, with calls that wait for the disk. */
export class ContextJob {
  readonly #packers = new Map<number, ContextPacker>();
  #root = '';
  #entries: ContextEntry[] = [];
  #common: ContextEntry[] = [];
  /** Entries that are there for one of `always` only. */
  readonly #forced = new Set<ContextEntry>();

  /** @throws BuildProblem */
  *walk(request: WalkRequest, limits: ContextLimits): Generator<void, WalkedContext> {
    const { root, always } = request;
    const ignore = IgnoreRules.parse(request.ignore.text, request.ignore.file);
    const tree: ContextTree = yield* walkContext({ root, ignore, always, limits });
    this.#root = root;
    this.#entries = tree.entries;
    const isForced = (entry: ContextEntry): boolean =>
      always.includes(entry.path) && ignore.judgeDeep(entry.path).ignored;
    const forced = tree.entries.filter(isForced);
    for (const entry of forced) this.#forced.add(entry);
    // A folder on the way to one of them goes with it, unless it is also on the way to something the rules keep.
    for (const folder of forced.length === 0 ? [] : tree.entries) {
      if (folder.kind !== 'folder' || !forced.some(({ path }) => path.startsWith(`${folder.path}/`)))
        continue;
      if (!ignore.judgeDeep(folder.path).ignored) continue;
      const inside = tree.entries.filter(({ path }) => path.startsWith(`${folder.path}/`));
      if (inside.every((entry) => entry.kind === 'folder' || this.#forced.has(entry)))
        this.#forced.add(folder);
    }
    this.#common = tree.entries.filter((entry) => !this.#forced.has(entry));
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
    return this.#entries
      .slice(from, from + count)
      .filter(
        (entry) =>
          !this.#forced.has(entry) ||
          always.some((path) => path === entry.path || path.startsWith(`${entry.path}/`)),
      );
  }

  get entryCount(): number {
    return this.#entries.length;
  }

  /** The next chunk of a pack, begun where `at` says when it is new, in `memory` of an earlier one. @throws BuildProblem */
  next(pack: number, at: PackPosition, memory?: ArrayBuffer): PackedChunk {
    let packer = this.#packers.get(pack);
    if (packer === undefined) {
      packer = new ContextPacker({ root: this.#root, entries: this.#common, at });
      this.#packers.set(pack, packer);
    }
    return packer.next(memory);
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
    for (const pack of [...this.#packers.keys()]) this.endPack(pack);
  }
}
