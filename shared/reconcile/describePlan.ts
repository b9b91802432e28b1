import { counted } from '../text/counted.ts';
import type { ChangePlan, PlanNote, SettingChange } from './ChangePlan.ts';
import { foldNotes, hintsOf } from './foldNotes.ts';
import { countVerbs, groupPlan } from './groupPlan.ts';
import { listWords } from './listWords.ts';

/** Longest first column before the reasons move on instead of the whole table. */
const WIDEST = 32;
/** Settings told from what to what, for each row. */
const MOST_CHANGES = 8;

/**
 * The plan in lines for people: by network and volume, then by service, each step with its reason and what settings were, replicas of one
 * fate in one line; then what is left as it is and why, and the services that are as declared; at last the sum. "Nothing to do." when there
 * are no steps and nothing hinders any.
 */
export function describePlan(plan: ChangePlan): string[] {
  const groups = groupPlan(plan);
  const rows = groups.flatMap((group) => group.rows);
  const verbWidth = Math.max(0, ...rows.map(({ verb }) => verb.length));
  const whatWidth = Math.min(WIDEST, Math.max(0, ...rows.map(({ what }) => what.length)));
  const lines: string[] = [];
  for (const { title, after, rows: own } of groups) {
    lines.push(after.length === 0 ? title : `${title}, after ${listWords(after)}`);
    for (const { verb, what, reason, steps } of own) {
      lines.push(`  ${verb.padEnd(verbWidth)}  ${what.padEnd(whatWidth)}  ${reason}`);
      const indent = ' '.repeat(verbWidth + whatWidth + 8);
      lines.push(...changeLines(steps[0]?.changes ?? []).map((line) => indent + line));
    }
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

function changeLines(changes: readonly SettingChange[]): string[] {
  const told = changes.filter(({ before }) => before !== undefined);
  const lines = told
    .slice(0, MOST_CHANGES)
    .map(({ setting, before, after }) => `${setting}: ${before ?? 'not set'} → ${after ?? 'not set'}`);
  return told.length > MOST_CHANGES ? [...lines, `and ${told.length - MOST_CHANGES} more`] : lines;
}

function noteLines(notes: readonly PlanNote[]): string[] {
  const lines: string[] = [];
  const blocked = notes.filter(({ kind }) => kind === 'blocked');
  const crowded = notes.filter(({ kind }) => kind === 'crowded');
  const others = notes.filter(({ kind }) => kind !== 'blocked' && kind !== 'crowded');
  for (const [title, own] of [
    ['Cannot be done', blocked],
    ['Where replicas will run', crowded],
    ['Left as it is', others],
  ] as const) {
    if (own.length === 0) continue;
    lines.push(title);
    for (const text of foldNotes(own)) lines.push(`  ${text}`);
    for (const hint of hintsOf(own)) lines.push(`    ${hint}`);
    lines.push('');
  }
  return lines;
}

/** `create 1 network and 3 containers, recreate 1 container` */
function summaryOf(plan: ChangePlan): string {
  return countVerbs(plan)
    .map(
      ({ verb, things }) =>
        `${verb} ${listWords([...things].map(([thing, count]) => counted(count, thing)))}`,
    )
    .join(', ');
}
