import type { BuildState } from '#shared/domain/Build.ts';

/** Whether a build has not ended yet. */
export function isGoing(state: BuildState): boolean {
  return state === 'queued' || state === 'packing' || state === 'building';
}
