import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { BuildFiles } from '../locateDockerfile.ts';
import type { ContextLimits, ContextTree, SkippedEntry } from '../walkContext.ts';
import type { WalkedContext, WalkRequest } from './ContextJob.ts';
import { ContextStream, type LastFile } from './ContextStream.ts';
import { type ContextSource, localContextSource } from './ContextSource.ts';
import { ContextThreads } from './ContextThreads.ts';
import { SharedPack } from './SharedPack.ts';
import { threadedContextSource } from './threadedContextSource.ts';

/** Builds started at once come so close together; those that come later have contexts of their own. */
const GATHER_MS = 25;
/** So long the others of a group may take until they read too. */
const START_MS = 1_000;
/** So long a reader may hold up the others. */
const PATIENCE_MS = 5_000;

/** What will be sent, and what will not. */
export interface ContextSize {
  files: number;
  bytes: number;
  skipped: SkippedEntry[];
}

/** A context as one build sees it, while it is being walked or after. */
export interface BegunContext {
  /** @throws BuildProblem for a folder that cannot be read and when a limit is passed; the signal's reason. */
  size: Promise<ContextSize>;
  /** All entries, for builders that pick what they need. The walk is not made again. */
  tree(): Promise<ContextTree>;
  /**
   * The context as a tar, at its reader's pace; it begins while the walk goes on. May be called again, e.g. when an engine
   * refused the first: the folder is then read again, without a new walk.
   * The stream fails with a BuildProblem for a file that cannot be read, and when the walk does.
   */
  read(options: {
    /** Bytes of file contents since the last call. */
    onSent?: ((bytes: number) => void) | undefined;
    /** What vanished or changed since the walk. */
    onSkipped?: ((skipped: SkippedEntry) => void) | undefined;
  }): Readable;
  /** To be called when the build has ended. Ends what still reads; others who share the context go on. */
  dispose(): void;
}

/** A context whose walk is done. */
export type OpenContext = BegunContext & ContextSize;

interface OpenOptions {
  limits: ContextLimits;
  signal?: AbortSignal | undefined;
  /** Nobody else will ask for this folder now: it need not be waited for. */
  isAlone?: boolean | undefined;
}

interface Group {
  key: string;
  source: ContextSource;
  members: Set<Member>;
  /** Who is in it is settled: the walk has begun, and with it what may be packed. */
  begun: Promise<void>;
  isBegun: boolean;
  walked: Promise<WalkedContext>;
  /** The one all read together; undefined until the first of them reads. */
  pack: SharedPack | undefined;
  lastPack: number;
  start: NodeJS.Timeout | undefined;
}

interface Member {
  files: BuildFiles;
  /** It reads, or will not. */
  isSettled: boolean;
  bodies: Set<Readable>;
}

/**
 * The build contexts under way. Each is walked and packed in a thread of its own, so that this one never waits for a
 * disk, and those of builds that start together (within 25 ms) with the same folder and the same ignore rules are walked
 * and read once, whatever Dockerfiles they carry: a chunk goes to all of them, at the pace of the slowest. Who holds up
 * the others for 5 s, or does not begin within 1 s of the first, is given a reading of its own; who is cancelled is
 * dropped from the round and nobody notices.
 * Use: `const context = pool.begin(files, …)`, `context.read(…)`, and `context.dispose()` when the build is over.
 */
export class ContextPool {
  readonly #threads: ContextThreads | undefined;
  readonly #patienceMs: number;
  readonly #startMs: number;
  readonly #gathering = new Map<string, { group: Group; always: Set<string> }>();

  constructor(
    options: {
      /** The built entry of contextWorker.ts; without one contexts are read on this thread, in small steps. */
      workerFile?: string | undefined;
      patienceMs?: number | undefined;
      startMs?: number | undefined;
    } = {},
  ) {
    const { workerFile } = options;
    if (workerFile !== undefined && existsSync(workerFile)) this.#threads = new ContextThreads(workerFile);
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#startMs = options.startMs ?? START_MS;
  }

  /** A source of one context's own, e.g. to measure it. The caller disposes it. */
  source(): ContextSource {
    return this.#threads === undefined ? localContextSource() : threadedContextSource(this.#threads);
  }

  /** A context will be asked for in a moment: the thread that reads it is started meanwhile. */
  prepare(): void {
    this.#threads?.prepare();
  }

  /** Lets go of the thread that waits for the next context. */
  dispose(): void {
    this.#threads?.dispose();
  }

  /** As `begin`, when the walk is done. @throws as its `size` */
  async open(files: BuildFiles, options: OpenOptions): Promise<OpenContext> {
    options.signal?.throwIfAborted();
    const begun = this.begin(files, options);
    try {
      return { ...begun, ...(await begun.size) };
    } catch (error) {
      begun.dispose();
      throw error;
    }
  }

  /** Walks a build's context, together with others that ask for the same at this moment. */
  begin(files: BuildFiles, { limits, signal, isAlone = false }: OpenOptions): BegunContext {
    const key = JSON.stringify([files.contextRoot, files.ignore.source, limits]);
    const gathered = this.#gathering.get(key) ?? this.#gather(key, limits, isAlone ? 0 : GATHER_MS);
    const { group } = gathered;
    for (const path of files.always) gathered.always.add(path);
    const member: Member = { files, isSettled: false, bodies: new Set() };
    group.members.add(member);
    const walked = untilAborted(group.walked, signal).then((result) => carriedBy(files, result));
    const size = walked.then(({ walk, added }) => ({
      files: walk.files + added.length,
      bytes: walk.bytes + added.reduce((sum, [, content]) => sum + content.length, 0),
      skipped: walk.skipped,
    }));
    // Heard when somebody asks; until then a failure must not count as unheard.
    size.catch(() => {});
    return {
      size,
      tree: async () => {
        this.#settle(group, member);
        const known = await size;
        return { ...known, entries: await group.source.entries(files.always) };
      },
      read: ({ onSent, onSkipped }) => {
        const last = async (): Promise<LastFile[]> => {
          const { kept, added, isCarried } = await walked;
          const counted = new Set(added.map(([path]) => path));
          return [...files.replacements].filter(isCarried).map(([path, content]) => ({
            path,
            content,
            mode: kept.get(path)?.mode ?? 0o644,
            modifiedMs: kept.get(path)?.modifiedMs ?? 0,
            isCounted: counted.has(path),
          }));
        };
        const body = new ContextStream({ pack: this.#packFor(group, member), last, onSent, onSkipped });
        member.bodies.add(body);
        body.once('close', () => member.bodies.delete(body));
        this.#settle(group, member);
        return body;
      },
      dispose: () => this.#leave(group, member),
    };
  }

  #gather(key: string, limits: ContextLimits, waitMs: number): { group: Group; always: Set<string> } {
    const always = new Set<string>();
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const group: Group = {
      key,
      source: this.source(),
      members: new Set(),
      begun,
      isBegun: false,
      walked: new Promise<WalkedContext>((resolve, reject) => {
        setTimeout(() => {
          const [first] = group.members;
          // All have gone; those who came since have a group of their own.
          if (first === undefined) return;
          this.#gathering.delete(key);
          group.source
            .walk({ ...walkRequestOf(first.files), always: [...always] }, limits)
            .then(resolve, reject);
          group.isBegun = true;
          begin();
          this.#tryStart(group);
        }, waitMs);
      }),
      pack: undefined,
      lastPack: 0,
      start: undefined,
    };
    // Every member hears of it; when none is left a failure must not count as unheard.
    group.walked.catch(() => {});
    const gathered = { group, always };
    this.#gathering.set(key, gathered);
    return gathered;
  }

  /** The group's pack when this one can still join it, else one of its own. */
  #packFor(group: Group, member: Member): SharedPack {
    if (member.isSettled || group.pack?.isFresh === false) {
      const own = this.#newPack(group);
      own.hold();
      void group.begun.then(() => own.start());
      return own;
    }
    if (group.pack === undefined) {
      group.pack = this.#newPack(group);
      group.pack.hold();
    }
    return group.pack;
  }

  #newPack(group: Group, at = { entry: 0 }): SharedPack {
    group.lastPack += 1;
    return new SharedPack({
      source: group.source,
      number: group.lastPack,
      patienceMs: this.#patienceMs,
      at,
      split: (from) => this.#newPack(group, from),
    });
  }

  #settle(group: Group, member: Member): void {
    member.isSettled = true;
    this.#tryStart(group);
  }

  /** The pack they share begins when all of them read, or after a while without the others. */
  #tryStart(group: Group): void {
    const { pack } = group;
    if (!group.isBegun || pack === undefined) return;
    if ([...group.members].every((other) => other.isSettled)) {
      clearTimeout(group.start);
      pack.start();
    } else group.start ??= setTimeout(() => pack.start(), this.#startMs);
  }

  #leave(group: Group, member: Member): void {
    if (!group.members.delete(member)) return;
    for (const body of member.bodies) body.destroy();
    if (group.members.size === 0) {
      if (this.#gathering.get(group.key)?.group === group) this.#gathering.delete(group.key);
      clearTimeout(group.start);
      void group.source.dispose();
    } else this.#settle(group, member);
  }
}

/**
 * The files a build brings along: sent last, also when they were in the pack, for what was checked is what is built.
 * A link stays what it is.
 */
function carriedBy(files: BuildFiles, walk: WalkedContext) {
  const kept = new Map(walk.kept.map((entry) => [entry.path, entry]));
  const isCarried = ([path]: readonly [string, Buffer]): boolean => kept.get(path)?.kind !== 'link';
  // What the walk counted already is no more for being sent as it was read; what lies outside the folder is none of its.
  const forced = new Set(walk.forced.map((entry) => entry.path));
  const added = [...files.replacements].filter(([path]) => forced.has(path));
  return { walk, kept, isCarried, added };
}

function walkRequestOf(files: BuildFiles): WalkRequest {
  return { root: files.contextRoot, ignore: files.ignore.source, always: files.always };
}

function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
