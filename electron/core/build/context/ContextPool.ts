import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { BuildFiles } from '../locateDockerfile.ts';
import type { ContextLimits, ContextTree, SkippedEntry } from '../walkContext.ts';
import type { WalkedContext, WalkRequest } from './ContextJob.ts';
import { ContextStream } from './ContextStream.ts';
import { type ContextSource, localContextSource } from './ContextSource.ts';
import { SharedPack } from './SharedPack.ts';
import { threadedContextSource } from './threadedContextSource.ts';

/** Builds started at once come so close together; those that come later have contexts of their own. */
const GATHER_MS = 25;
/** So long the others of a group may take until they read too. */
const START_MS = 1_000;
/** So long a reader may hold up the others. */
const PATIENCE_MS = 5_000;

/** A context as one build sees it. */
export interface OpenContext {
  /** What will be sent. */
  files: number;
  bytes: number;
  skipped: SkippedEntry[];
  /** All entries, for builders that pick what they need. The walk is not made again. */
  tree(): Promise<ContextTree>;
  /**
   * The context as a tar, at its reader's pace. May be called again, e.g. when an engine refused the first: the folder is
   * then read again, without a new walk.
   * The stream fails with a BuildProblem for a file that cannot be read.
   */
  read(options: {
    /** Contents to send in place of those that were located. */
    replacements?: ReadonlyMap<string, Buffer> | undefined;
    /** Bytes of file contents since the last call. */
    onSent?: ((bytes: number) => void) | undefined;
    /** What vanished or changed since the walk. */
    onSkipped?: ((skipped: SkippedEntry) => void) | undefined;
  }): Readable;
  /** To be called when the build has ended. Ends what still reads; others who share the context go on. */
  dispose(): void;
}

interface Group {
  key: string;
  source: ContextSource;
  members: Set<Member>;
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
 * Use: `const context = await pool.open(files, …)`, `context.read(…)`, and `context.dispose()` when the build is over.
 */
export class ContextPool {
  readonly #workerFile: string | undefined;
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
    this.#workerFile = workerFile !== undefined && existsSync(workerFile) ? workerFile : undefined;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#startMs = options.startMs ?? START_MS;
  }

  /** A source of one context's own, e.g. to measure it. The caller disposes it. */
  source(): ContextSource {
    return this.#workerFile === undefined ? localContextSource() : threadedContextSource(this.#workerFile);
  }

  /**
   * Walks a build's context, together with others that ask for the same at this moment.
   * @throws BuildProblem for a folder that cannot be read and when a limit is passed; the signal's reason.
   */
  async open(
    files: BuildFiles,
    { limits, signal }: { limits: ContextLimits; signal?: AbortSignal | undefined },
  ): Promise<OpenContext> {
    signal?.throwIfAborted();
    const key = JSON.stringify([files.contextRoot, files.ignore.source, limits]);
    const gathered = this.#gathering.get(key) ?? this.#gather(key, limits);
    const { group } = gathered;
    for (const path of files.always) gathered.always.add(path);
    const member: Member = { files, isSettled: false, bodies: new Set() };
    group.members.add(member);
    const leave = (): void => this.#leave(group, member);
    try {
      const walked = await untilAborted(group.walked, signal);
      return this.#openFor(group, member, walked, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  #gather(key: string, limits: ContextLimits): { group: Group; always: Set<string> } {
    const always = new Set<string>();
    const group: Group = {
      key,
      source: this.source(),
      members: new Set(),
      walked: new Promise<WalkedContext>((resolve, reject) => {
        setTimeout(() => {
          const [first] = group.members;
          // All have gone; those who came since have a group of their own.
          if (first === undefined) return;
          this.#gathering.delete(key);
          group.source
            .walk({ ...walkRequestOf(first.files), always: [...always] }, limits)
            .then(resolve, reject);
        }, GATHER_MS);
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

  #openFor(group: Group, member: Member, walked: WalkedContext, leave: () => void): OpenContext {
    const { files } = member;
    const kept = new Map(walked.kept.map((entry) => [entry.path, entry]));
    // Sent last, also what was in the pack: what was checked is what is built. A link stays what it is.
    const isCarried = (path: string): boolean => kept.get(path)?.kind !== 'link';
    const carried = [...files.replacements].filter(([path]) => isCarried(path));
    const size = {
      files: walked.files + carried.filter(([path]) => !kept.has(path)).length,
      bytes: walked.bytes + carried.reduce((sum, [, content]) => sum + content.length, 0),
    };
    return {
      ...size,
      skipped: walked.skipped,
      tree: async () => {
        this.#settle(group, member);
        const entries = await group.source.entries(files.always);
        return { entries, files: size.files, bytes: size.bytes, skipped: walked.skipped };
      },
      read: ({ replacements, onSent, onSkipped }) => {
        const pack = this.#packFor(group, member);
        const body = new ContextStream({
          pack,
          last: [...(replacements ?? files.replacements)]
            .filter(([path]) => isCarried(path))
            .map(([path, content]) => ({
              path,
              content,
              mode: kept.get(path)?.mode ?? 0o644,
              modifiedMs: kept.get(path)?.modifiedMs ?? 0,
            })),
          onSent,
          onSkipped,
        });
        member.bodies.add(body);
        body.once('close', () => member.bodies.delete(body));
        this.#settle(group, member);
        return body;
      },
      dispose: leave,
    };
  }

  /** The group's pack when this one can still join it, else one of its own. */
  #packFor(group: Group, member: Member): SharedPack {
    if (member.isSettled) return this.#newPack(group);
    if (group.pack === undefined) {
      group.pack = this.#newPack(group);
      if (group.members.size > 1) {
        const { pack } = group;
        pack.hold();
        group.start = setTimeout(() => pack.start(), this.#startMs);
      }
      return group.pack;
    }
    return group.pack.isFresh ? group.pack : this.#newPack(group);
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
    if ([...group.members].some((other) => !other.isSettled)) return;
    clearTimeout(group.start);
    group.pack?.start();
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

export function walkRequestOf(files: BuildFiles): WalkRequest {
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
