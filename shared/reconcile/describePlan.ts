import type { ChangePlan, PlanNote, PlanStep, StepKind } from './ChangePlan.ts';
import { listWords } from './listWords.ts';

const VERBS: Record<StepKind, string> = {
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
  'start-container': 'start',
};

/** A line of steps that are the same but for the replica. */
interface Row {
  verb: string;
  what: string;
  reason: string;
}

const ORPHANS = 'orphans';
const STORES = 'networks and volumes';
const STARTING = new Set<StepKind>(['create-container', 'recreate-container', 'start-container']);

/** Longest first column before the reasons move on instead of the whole table. */
const WIDEST = 32;

/**
 * The plan in lines for people: by network and volume, then by service, each step with its reason, replicas of one fate in one line;
 * then what is left as it is and why, and the services that are as declared; at last the sum. "Nothing to do." when there are no steps and nothing hinders any.
 */
export function describePlan(plan: ChangePlan): string[] {
  const groups = groupsOf(plan);
  const rows = groups.flatMap((group) => group.rows);
  const verbWidth = Math.max(0, ...rows.map(({ verb }) => verb.length));
  const whatWidth = Math.min(WIDEST, Math.max(0, ...rows.map(({ what }) => what.length)));
  const lines: string[] = [];
  for (const { title, rows: own } of groups) {
    lines.push(title);
    for (const { verb, what, reason } of own)
      lines.push(`  ${verb.padEnd(verbWidth)}  ${what.padEnd(whatWidth)}  ${reason}`);
    lines.push('');
  }
  lines.push(...noteLines(plan.notes));
  if (plan.steps.length > 0 && plan.unchanged.length > 0)
    lines.push(`Unchanged: ${listWords(plan.unchanged, 8)}.`);
  if (plan.steps.length > 0) lines.push(`To do: ${summaryOf(plan)}.`);
  else lines.push(hasBlocked(plan) ? 'Nothing else to do.' : 'Nothing to do.');
  return lines;
}

const hasBlocked = ({ notes }: ChangePlan): boolean => notes.some(({ kind }) => kind === 'blocked');

function groupsOf(plan: ChangePlan): { title: string; rows: Row[] }[] {
  const groups = new Map<string, PlanStep[]>([
    [ORPHANS, []],
    [STORES, []],
  ]);
  // Services in the order in which they start; those of which something only ends come after them.
  for (const { service, kind } of plan.steps)
    if (service !== undefined && STARTING.has(kind)) groups.set(service, []);
  for (const step of plan.steps) {
    // Its second half tells of both.
    if (isFirstHalf(step)) continue;
    const title = step.kind === 'remove-orphan' ? ORPHANS : (step.service ?? STORES);
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [step]);
    else group.push(step);
  }
  const services = new Map(
    plan.steps.flatMap(({ id, kind, service }) => (STARTING.has(kind) ? [[id, service] as const] : [])),
  );
  return [...groups].flatMap(([title, steps]) =>
    steps.length === 0 ? [] : [{ title: title + waitsFor(steps, services), rows: rowsOf(steps) }],
  );
}

/** `, after main`: the services whose steps these wait for. */
function waitsFor(steps: readonly PlanStep[], services: ReadonlyMap<string, string | undefined>): string {
  const others = new Set<string>();
  // Replicas of a service wait for the same.
  for (const { kind, service, needs } of steps) {
    if (!STARTING.has(kind)) continue;
    for (const need of needs) {
      const other = services.get(need);
      if (other !== undefined && other !== service) others.add(other);
    }
  }
  return others.size === 0 ? '' : `, after ${listWords([...others])}`;
}

const isFirstHalf = ({ kind, comesBack }: PlanStep): boolean =>
  comesBack === true && kind === 'remove-container';

/** Steps of one verb and reason share a row. */
function rowsOf(steps: readonly PlanStep[]): Row[] {
  const rows = new Map<string, { verb: string; reason: string; steps: PlanStep[] }>();
  for (const step of steps) {
    const verb = verbOf(step);
    const key = step.index === undefined ? step.id : `${verb} ${step.reason}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { verb, reason: step.reason, steps: [step] });
    else row.steps.push(step);
  }
  return [...rows.values()].map(({ verb, reason, steps: own }) => ({
    verb,
    reason: own.length > 1 ? reason.replace(/^it is not there yet$/, 'they are not there yet') : reason,
    what: whatOf(own),
  }));
}

function verbOf(step: PlanStep): string {
  return step.comesBack === true ? 'recreate' : VERBS[step.kind];
}

function whatOf(steps: readonly PlanStep[]): string {
  const [first] = steps;
  if (first === undefined) return '';
  if (first.index === undefined || first.service === undefined) {
    if (first.kind.endsWith('-network')) return `network ${first.subject}`;
    if (first.kind === 'create-volume') return `volume ${first.subject}`;
    return first.kind.endsWith('-image') ? `image ${first.subject}` : first.subject;
  }
  return `${first.service}-${ranges(steps.flatMap(({ index }) => index ?? []))}`;
}

/** `1`, `1…4`, `2,5…7` */
function ranges(numbers: readonly number[]): string {
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

function noteLines(notes: readonly PlanNote[]): string[] {
  const lines: string[] = [];
  const blocked = notes.filter(({ kind }) => kind === 'blocked');
  const others = notes.filter(({ kind }) => kind !== 'blocked');
  for (const [title, own] of [
    ['Cannot be done', blocked],
    ['Left as it is', others],
  ] as const) {
    if (own.length === 0) continue;
    lines.push(title);
    const hints = new Set<string>();
    for (const text of folded(own)) lines.push(`  ${text}`);
    for (const { hint } of own) if (hint !== undefined) hints.add(hint);
    for (const hint of hints) lines.push(`    ${hint}`);
    lines.push('');
  }
  return lines;
}

/** Replicas that ended in the same way, and services that wait for the same, share a line. */
function folded(notes: readonly PlanNote[]): string[] {
  const alike = new Map<string, PlanNote[]>();
  for (const note of notes) {
    const of = isOfService(note) ? '' : note.service;
    const key = canFold(note) ? `${note.kind} ${of ?? ''}${fateOf(note)}` : note.text;
    alike.set(key, [...(alike.get(key) ?? []), note]);
  }
  return [...alike.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    if (own.length === 1) return [first.text];
    if (isOfService(first))
      return [`${listWords(own.map(({ subject }) => subject))}${fateOf(first).replace(/^ waits/, ' wait')}`];
    const { service = '' } = first;
    const numbers = own.map(({ subject }) => Number(subject.slice(service.length + 1)));
    return [`${service}-${ranges(numbers)}${fateOf(first)}`];
  });
}

const canFold = (note: PlanNote): boolean =>
  note.kind === 'done' || note.kind === 'failed' || isOfService(note);

const isOfService = ({ subject, service }: PlanNote): boolean => service === subject;

const fateOf = ({ text, subject }: PlanNote): string => text.slice(subject.length);

/** `create 1 network and 3 containers, recreate 1 container` */
function summaryOf({ steps }: ChangePlan): string {
  const counts = new Map<string, Map<string, number>>();
  for (const step of steps) {
    if (isFirstHalf(step)) continue;
    const thing = step.kind === 'remove-orphan' ? 'container' : (step.kind.split('-')[1] ?? '');
    const things = counts.get(verbOf(step)) ?? new Map<string, number>();
    things.set(thing, (things.get(thing) ?? 0) + 1);
    counts.set(verbOf(step), things);
  }
  return [...counts]
    .map(
      ([verb, things]) =>
        `${verb} ${listWords([...things].map(([thing, count]) => `${count} ${thing}${count === 1 ? '' : 's'}`))}`,
    )
    .join(', ');
}
