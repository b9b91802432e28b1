import type { BuildHistoryEntry, BuildView } from '../domain/Build.ts';
import { countSteps } from './countSteps.ts';

/** A build that has ended as the history lists it; undefined while it goes on. `sizeDeltaBytes`: against the build before. */
export function historyEntry(build: BuildView, sizeDeltaBytes?: number): BuildHistoryEntry | undefined {
  const { state, endedAt } = build;
  if (endedAt === undefined || (state !== 'succeeded' && state !== 'failed' && state !== 'cancelled'))
    return undefined;
  return {
    id: build.id,
    service: build.service,
    tag: build.tag,
    state,
    startedAt: build.startedAt,
    ...(build.begunAt === undefined ? {} : { begunAt: build.begunAt }),
    endedAt,
    noCache: build.noCache ?? false,
    builder: build.builder?.kind,
    ...countSteps(build.steps),
    contextBytes: build.context?.bytes,
    imageId: build.result?.imageId ?? build.imageId,
    digest: build.result?.digest,
    sizeBytes: build.result?.sizeBytes,
    sizeDeltaBytes,
    errorMessage: build.error?.message,
  };
}

/** The size of a build's image less that of the newest of `others` of the same service that succeeded before it; bytes. */
export function sizeDelta(
  build: BuildView,
  others: readonly Pick<BuildHistoryEntry, 'service' | 'state' | 'endedAt' | 'sizeBytes'>[],
): number | undefined {
  const sizeBytes = build.result?.sizeBytes;
  if (build.state !== 'succeeded' || sizeBytes === undefined) return undefined;
  let before: { endedAt: number; sizeBytes: number } | undefined;
  for (const other of others) {
    if (other.service !== build.service || other.state !== 'succeeded' || other.sizeBytes === undefined)
      continue;
    if (other.endedAt > (build.endedAt ?? Number.POSITIVE_INFINITY)) continue;
    if (before === undefined || other.endedAt > before.endedAt)
      before = { endedAt: other.endedAt, sizeBytes: other.sizeBytes };
  }
  return before === undefined ? undefined : sizeBytes - before.sizeBytes;
}
