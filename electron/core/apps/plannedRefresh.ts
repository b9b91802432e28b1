import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';

/** What a plan says of containers that are there: ids. */
export interface PlannedRefresh {
  replace: ReadonlySet<string>;
  /** Get the limits of their service while they run. */
  update: ReadonlySet<string>;
  start: ReadonlySet<string>;
  /** Also replaces what was made from another image: a build ended meanwhile. */
  image?: boolean | undefined;
}

/** Besides the number: nothing, what a plan says, or (`image`) replaces what was made from another image. */
export type Refresh = false | 'image' | PlannedRefresh;

/** What a plan says of the containers that a service has: which are to be replaced, given other limits and started. */
export function plannedRefresh(plan: ChangePlan, service: string): PlannedRefresh {
  const idsOf = (kind: 'recreate-container' | 'update-container' | 'start-container'): Set<string> =>
    new Set(
      plan.steps.flatMap((step) =>
        step.kind === kind && step.service === service ? (step.containerId ?? []) : [],
      ),
    );
  return {
    replace: idsOf('recreate-container'),
    update: idsOf('update-container'),
    start: idsOf('start-container'),
  };
}

/** All that either asks for. */
export function moreOf(one: Refresh, other: Refresh): Refresh {
  if (typeof one === 'object' && typeof other === 'object')
    return {
      replace: new Set([...one.replace, ...other.replace]),
      update: new Set([...one.update, ...other.update]),
      start: new Set([...one.start, ...other.start]),
      image: one.image === true || other.image === true,
    };
  if (typeof one === 'object') return other === 'image' ? { ...one, image: true } : one;
  if (typeof other === 'object') return one === 'image' ? { ...other, image: true } : other;
  return one || other;
}
