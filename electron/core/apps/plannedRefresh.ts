import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import type { PlannedRefresh } from './ReplicaController.ts';

/** What a plan says of the containers that a service has: which are to be replaced and which to be started. */
export function plannedRefresh(plan: ChangePlan, service: string): PlannedRefresh {
  const idsOf = (kind: 'recreate-container' | 'start-container'): Set<string> =>
    new Set(
      plan.steps.flatMap((step) =>
        step.kind === kind && step.service === service ? (step.containerId ?? []) : [],
      ),
    );
  return { replace: idsOf('recreate-container'), start: idsOf('start-container') };
}
