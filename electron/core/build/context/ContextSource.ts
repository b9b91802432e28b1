import type { Disposable } from '#shared/domain/Disposable.ts';
import type { ContextEntry, ContextLimits } from '../walkContext.ts';
import { type ChangedFiles, changedSteps, type ChangesRequest } from './changedSteps.ts';
import { ContextJob, type WalkedContext, type WalkRequest } from './ContextJob.ts';
import type { PackedChunk, PackPosition } from './ContextPacker.ts';
import { FreeMemory } from './FreeMemory.ts';
import type { MeasuredContext } from './measureSteps.ts';
import { runInSteps } from './runInSteps.ts';

/** One context's ContextJob, wherever it runs. Disposing it breaks off what is under way; every promise then rejects. */
export interface ContextSource extends Disposable {
  /** Begun before anything is packed, which need not wait for its end. */
  walk(request: WalkRequest, limits: ContextLimits): Promise<WalkedContext>;
  measure(request: WalkRequest): Promise<MeasuredContext>;
  changes(request: ChangesRequest): Promise<ChangedFiles>;
  /** The next chunk of a pack; calls for one pack are answered in order. */
  next(pack: number, at: PackPosition): Promise<PackedChunk>;
  endPack(pack: number): void;
  /** Takes back the memory of a chunk that nobody looks at any more: without it a pack leaves a gigabyte of it lying about. */
  recycle(chunk: PackedChunk): void;
  /** All entries of the walk that one with these `always` sees. */
  entries(always: readonly string[]): Promise<ContextEntry[]>;
}

/** Entries handed over at once: a few milliseconds of the receiver's time. */
export const ENTRIES_AT_ONCE = 4_000;

/** A job's walk, a little with each step. */
export function* walkToEnd(job: ContextJob): Generator<void, WalkedContext> {
  for (;;) {
    const walked = job.advance();
    if (walked !== undefined) return walked;
    yield;
  }
}

/** On this thread, in small steps: for tests of what runs in it, and where no worker was built. */
export function localContextSource(): ContextSource {
  const job = new ContextJob();
  const abort = new AbortController();
  const free = new FreeMemory();
  const turn = async <Result>(work: () => Result): Promise<Result> => {
    await new Promise((resolve) => setImmediate(resolve));
    abort.signal.throwIfAborted();
    return work();
  };
  return {
    async walk(request, limits) {
      job.begin(request, limits);
      return runInSteps(walkToEnd(job), abort.signal);
    },
    measure: (request) => runInSteps(job.measure(request), abort.signal),
    changes: (request) => runInSteps(changedSteps(request), abort.signal),
    next: (pack, at) => turn(() => job.next(pack, at, free.take())),
    recycle: (chunk) => free.give(chunk),
    endPack: (pack) => job.endPack(pack),
    entries: (always) => turn(() => job.entries(always, 0, job.entryCount)),
    dispose() {
      abort.abort();
      job.close();
    },
  };
}
