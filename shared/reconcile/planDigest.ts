import type { ChangePlan, PlanStep } from './ChangePlan.ts';
import { digestText } from './digestText.ts';

/** Stands for what a plan does to what, and why: two plans that do the same have the same. Who has seen a plan names it by this. */
export const planDigest = ({ project, steps }: ChangePlan): string =>
  digestText(JSON.stringify([project, steps.map(wordsOf)]));

/** Who agreed that the idle go has not agreed to which: that may change at any moment. */
const wordsOf = ({
  id,
  kind,
  service,
  containerId,
  networkId,
  reason,
  changes,
  byLoad,
}: PlanStep): unknown =>
  byLoad === true ? [kind, service, reason] : [id, containerId, networkId, reason, changes];
