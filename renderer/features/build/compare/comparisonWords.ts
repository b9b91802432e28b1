import type { BuildComparison, BuildHistoryEntry } from '#shared/domain/Build.ts';
import { buildStateLabel } from '../buildStateLabel.ts';
import { formatStepTime } from '../formatStepTime.ts';

type Step = BuildComparison['steps'][number];

/** Times closer than this are told as the same: they differ from run to run. */
const SAME_MS = 50;

/** Milliseconds from leaving the queue to the end; undefined for one that never left it. */
export function durationOf(entry: BuildHistoryEntry): number | undefined {
  return entry.begunAt === undefined ? undefined : entry.endedAt - entry.begunAt;
}

/** How one of the two builds did a step. */
export function sideWords(side: Step['left']): string {
  if (side === undefined) return '–';
  if (side.cached) return 'cached';
  if (side.state !== 'done') {
    return side.durationMs === undefined
      ? buildStateLabel(side.state)
      : `${buildStateLabel(side.state)} (${formatStepTime(side.durationMs)})`;
  }
  return side.durationMs === undefined ? 'done' : formatStepTime(side.durationMs);
}

/** How much longer (`+3.2 s`) or shorter (`−40 ms`) the right one took; empty where one has no time. */
export function formatTimeDelta(left: number | undefined, right: number | undefined): string {
  if (left === undefined || right === undefined) return '';
  const delta = right - left;
  if (Math.abs(delta) < SAME_MS) return '±0';
  return `${delta > 0 ? '+' : '−'}${formatStepTime(Math.abs(delta))}`;
}

/** What became of a step from the left build to the right one. */
export function stepChange({ left, right }: Step): 'added' | 'removed' | undefined {
  if (left === undefined) return 'added';
  return right === undefined ? 'removed' : undefined;
}
