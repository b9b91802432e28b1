import type { ChangePlan, PlanStep, StepKind } from './ChangePlan.ts';

/** What a step does, as a verb. */
export type PlanVerb = 'remove' | 'create' | 'recreate' | 'update' | 'build' | 'pull' | 'start';

const VERBS: Record<StepKind, PlanVerb> = {
  'remove-orphan': 'remove',
  'remove-container': 'remove',
  'remove-network': 'remove',
  'create-network': 'create',
  'recreate-network': 'recreate',
  'create-volume': 'create',
  'build-image': 'build',
  'pull-image': 'pull',
  'create-container': 'create',
  'recreate-container': 'recreate',
  'update-container': 'update',
  'start-container': 'start',
};

/** Steps that are the same but for the replica, told as one. */
export interface PlanRow {
  verb: PlanVerb;
  /** `worker-1…4,7`, `network pi_default`. */
  what: string;
  reason: string;
  steps: PlanStep[];
}

/** What a plan does to one service, or to what several share. */
export interface PlanGroup {
  kind: 'orphans' | 'stores' | 'service';
  /** The service's name; `orphans` and `networks and volumes` for the others. */
  title: string;
  /** Services whose steps these wait for. */
  after: string[];
  rows: PlanRow[];
}

const STARTING = new Set<StepKind>(['create-container', 'recreate-container', 'start-container']);

/** A plan by orphan, by network and volume, then by service in the order in which they start. */
export function groupPlan(plan: Pick<ChangePlan, 'steps'>): PlanGroup[] {
  const orphans: PlanStep[] = [];
  const stores: PlanStep[] = [];
  const services = new Map<string, PlanStep[]>();
  // Services in the order in which they start; those of which something only ends come after them.
  for (const { service, kind } of plan.steps)
    if (service !== undefined && (STARTING.has(kind) || kind === 'update-container'))
      services.set(service, []);
  for (const step of plan.steps) {
    // Its second half tells of both.
    if (isFirstHalf(step)) continue;
    if (step.kind === 'remove-orphan') orphans.push(step);
    else if (step.service === undefined) stores.push(step);
    else {
      const own = services.get(step.service);
      if (own === undefined) services.set(step.service, [step]);
      else own.push(step);
    }
  }
  const startedBy = new Map(
    plan.steps.flatMap(({ id, kind, service }) => (STARTING.has(kind) ? [[id, service] as const] : [])),
  );
  const groups: PlanGroup[] = [
    { kind: 'orphans', title: 'orphans', after: [], rows: rowsOf(orphans) },
    { kind: 'stores', title: 'networks and volumes', after: [], rows: rowsOf(stores) },
    ...[...services].map(
      ([title, steps]): PlanGroup => ({
        kind: 'service',
        title,
        after: awaited(steps, startedBy),
        rows: rowsOf(steps),
      }),
    ),
  ];
  return groups.filter(({ rows }) => rows.length > 0);
}

/** A removal whose container a later step makes again: the two are told as one. */
export const isFirstHalf = ({ kind, comesBack }: PlanStep): boolean =>
  comesBack === true && kind === 'remove-container';

export const verbOf = (step: PlanStep): PlanVerb => (step.comesBack === true ? 'recreate' : VERBS[step.kind]);

/** Whether a container, network or the like that is there now goes, to be made anew or for good. */
export const takesAway = (step: PlanStep): boolean => ['recreate', 'remove'].includes(verbOf(step));

/** How many steps have each verb, in the order of the plan, a recreation counted once. */
export function countVerbs({
  steps,
}: Pick<ChangePlan, 'steps'>): { verb: PlanVerb; things: Map<string, number> }[] {
  const counts = new Map<PlanVerb, Map<string, number>>();
  for (const step of steps) {
    if (isFirstHalf(step)) continue;
    const thing = step.kind === 'remove-orphan' ? 'container' : (step.kind.split('-')[1] ?? '');
    const things = counts.get(verbOf(step)) ?? new Map<string, number>();
    things.set(thing, (things.get(thing) ?? 0) + 1);
    counts.set(verbOf(step), things);
  }
  return [...counts].map(([verb, things]) => ({ verb, things }));
}

/** The services whose steps these wait for. */
function awaited(steps: readonly PlanStep[], services: ReadonlyMap<string, string | undefined>): string[] {
  const others = new Set<string>();
  // Replicas of a service wait for the same.
  for (const { kind, service, needs } of steps) {
    if (!STARTING.has(kind)) continue;
    for (const need of needs) {
      const other = services.get(need);
      if (other !== undefined && other !== service) others.add(other);
    }
  }
  return [...others];
}

/** Steps of one verb, reason and change share a row. */
function rowsOf(steps: readonly PlanStep[]): PlanRow[] {
  const rows = new Map<string, { verb: PlanVerb; reason: string; steps: PlanStep[] }>();
  for (const step of steps) {
    const verb = verbOf(step);
    const key =
      step.index === undefined ? step.id : JSON.stringify([verb, step.reason, step.changes ?? null]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { verb, reason: step.reason, steps: [step] });
    else row.steps.push(step);
  }
  return [...rows.values()].map(({ verb, reason, steps: own }) => ({
    verb,
    reason: own.length > 1 ? reason.replace(/^it is not there yet$/, 'they are not there yet') : reason,
    what: whatOf(own),
    steps: own,
  }));
}

function whatOf(steps: readonly PlanStep[]): string {
  const [first] = steps;
  if (first === undefined) return '';
  if (first.index === undefined || first.service === undefined) {
    if (first.kind.endsWith('-network')) return `network ${first.subject}`;
    if (first.kind === 'create-volume') return `volume ${first.subject}`;
    return first.kind.endsWith('-image') ? `image ${first.subject}` : first.subject;
  }
  return `${first.service}-${numberRanges(steps.flatMap(({ index }) => index ?? []))}`;
}

/** `1`, `1…4`, `2,5…7` */
export function numberRanges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((one, other) => one - other);
  const spans: [number, number][] = [];
  for (const number of sorted) {
    const last = spans.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else spans.push([number, number]);
  }
  return spans
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}…${to}`))
    .join();
}
