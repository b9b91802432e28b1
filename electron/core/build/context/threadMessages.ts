import type { BuildFailure } from '#shared/domain/Build.ts';
import type { ContextEntry, ContextLimits } from '../walkContext.ts';
import type { ChangedFiles, ChangesRequest } from './changedSteps.ts';
import type { WalkedContext, WalkRequest } from './ContextJob.ts';
import type { PackedChunk, PackPosition } from './ContextPacker.ts';
import type { MeasuredContext } from './measureSteps.ts';

/** To the thread that reads a context. `id` comes back with the answer. */
export type ToContextWorker =
  | { type: 'walk'; id: number; request: WalkRequest; limits: ContextLimits }
  | { type: 'measure'; id: number; request: WalkRequest }
  | { type: 'changes'; id: number; request: ChangesRequest }
  | { type: 'next'; id: number; pack: number; at: PackPosition; memory?: ArrayBuffer | undefined }
  | { type: 'entries'; id: number; always: readonly string[] }
  | { type: 'endPack'; pack: number }
  /** Another context will follow. */
  | { type: 'clear' };

/** A chunk's bytes are handed over, not copied. Entries come in parts. */
export type FromContextWorker = { id: number } & (
  | { type: 'walked'; walked: WalkedContext }
  | { type: 'measured'; measured: MeasuredContext }
  | { type: 'changes'; changes: ChangedFiles }
  | { type: 'chunk'; chunk: Omit<PackedChunk, 'bytes'> & { bytes: Uint8Array } }
  | { type: 'entries'; entries: ContextEntry[] }
  | { type: 'entriesEnd' }
  | { type: 'failed'; problem: BuildFailure | undefined; text: string }
);
