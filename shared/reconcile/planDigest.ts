import type { ChangePlan } from './ChangePlan.ts';
import { digestText } from './digestText.ts';

/** Stands for what a plan does to what, and why: two plans that do the same have the same. Who has seen a plan names it by this. */
export const planDigest = ({ project, steps }: ChangePlan): string =>
  digestText(
    JSON.stringify([
      project,
      steps.map(({ id, containerId, networkId, reason, changes }) => [
        id,
        containerId,
        networkId,
        reason,
        changes,
      ]),
    ]),
  );
