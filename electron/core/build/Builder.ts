import type { Readable } from 'node:stream';
import type { EngineClient } from '#core/engine/EngineApi.ts';
import type { BuilderKind } from '#shared/domain/Build.ts';
import type { BuildRecord } from './BuildRecord.ts';
import type { BuildFiles } from './locateDockerfile.ts';
import type { SharedSteps } from './SharedSteps.ts';
import type { ContextTree } from './walkContext.ts';

/** A tar of the build context on its way. */
export interface PackedContext {
  body: Readable;
  /** Aborts with the reason when the context cannot be packed on: what reads `body` learns only that it broke off. */
  broken: AbortSignal;
}

/** One build, as a builder is given it. */
export interface BuildJob {
  record: BuildRecord;
  client: EngineClient;
  files: BuildFiles;
  /** What the builds under way have in common. */
  shared: SharedSteps;
  /** What the context holds. @throws BuildProblem for a context that cannot be read. */
  tree(): Promise<ContextTree>;
  /** The context as a tar, walked once and packed afresh each time. @throws BuildProblem for a context that cannot be read. */
  context(): Promise<PackedContext>;
}

/** Builds one image. Steps, output and warnings go into the job's record; its end does not. */
export interface Builder {
  readonly kind: BuilderKind;
  /**
   * Resolves with the image's id as the builder tells it; empty when it does not. A cancel (the record's signal) ends the work in the engine too.
   * @throws BuildProblem for a build that failed, FlotillaError `cancelled`, SessionRefused.
   */
  build(job: BuildJob): Promise<string>;
}
