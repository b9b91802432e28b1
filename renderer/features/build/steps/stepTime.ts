import type { BuildStep, BuildView } from '#shared/domain/Build.ts';
import { isGoing } from '../state/isGoing.ts';
import type { TimeSpan } from './StepTimeline.tsx';
import { buildStateLabel } from '../buildStateLabel.ts';
import { formatStepTime } from '../formatStepTime.ts';

/** From when a build left the queue to its end, or to now. */
export function buildSpan(build: BuildView, now: number): TimeSpan {
  const from = build.begunAt ?? build.startedAt;
  return { from, to: Math.max(from + 1, build.endedAt ?? now) };
}

/** What stands beside a step: how long it takes or took, `cached`, or its state; `going`: the build has not ended. */
export function stepWords(step: BuildStep, now: number, going: boolean): string {
  if (step.cached) return 'cached';
  if (step.startedAt !== undefined && (step.endedAt !== undefined || step.state === 'running'))
    return formatStepTime((step.endedAt ?? now) - step.startedAt);
  if (step.state === 'pending' && !going) return 'not run';
  return step.state === 'done' ? '' : buildStateLabel(step.state);
}

/** Milliseconds from leaving the queue to the first step: the context is packed and sent. */
export function timeBeforeSteps(build: BuildView): { startedAt: number; endedAt: number } | undefined {
  const { begunAt } = build;
  if (begunAt === undefined) return undefined;
  const first = Math.min(...build.steps.flatMap((step) => step.startedAt ?? []));
  if (Number.isFinite(first)) return first > begunAt ? { startedAt: begunAt, endedAt: first } : undefined;
  return isGoing(build.state) ? undefined : { startedAt: begunAt, endedAt: build.endedAt ?? begunAt };
}
