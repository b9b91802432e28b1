import { hasEnded } from '../engine/containerRecord.ts';
import type { ContainerRecord } from '../engine/EngineApi.ts';
import type { HeardEnd, SeenContainer } from './advanceRun.ts';

/** A container as the ledger sees it. */
export function seenOf(record: ContainerRecord): SeenContainer {
  const { id, service, index, imageId, state, startedAt, finishedAt, exitCode, oomKilled } = record;
  return {
    ...{
      id,
      key: `${service}-${index}`,
      service,
      index,
      imageId,
      startedAt,
      finishedAt,
      exitCode,
      oomKilled,
    },
    state: hasEnded(record) ? 'ended' : state === 'running' || state === 'paused' ? 'running' : 'waiting',
  };
}

/** Its end, where it has come to one. */
export function endOf(seen: SeenContainer | undefined): HeardEnd | undefined {
  const { state, finishedAt, exitCode, oomKilled } = seen ?? {};
  return state !== 'ended' || finishedAt === undefined
    ? undefined
    : { finishedAt, exitCode, ...(oomKilled === true ? { oomKilled } : {}) };
}
