import type { PlanVerb } from '#shared/reconcile/groupPlan.ts';
import type { Tone } from '../../ui/StatusDot.tsx';

/** What takes something away stands out, what adds something is calm. */
export const VERB_TONES: Record<PlanVerb, Tone> = {
  remove: 'danger',
  recreate: 'warn',
  update: 'ok',
  create: 'ok',
  start: 'ok',
  build: 'accent',
  pull: 'accent',
};
