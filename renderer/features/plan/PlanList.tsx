import { useState } from 'react';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { foldNotes, hintsOf } from '#shared/reconcile/foldNotes.ts';
import { countVerbs, groupPlan } from '#shared/reconcile/groupPlan.ts';
import { listWords } from '#shared/reconcile/listWords.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './PlanList.module.css';
import { PlanRowItem } from './PlanRowItem.tsx';
import type { StepState } from './stepStates.ts';
import { Unfolding } from './Unfolding.tsx';
import { VERB_TONES } from './verbTones.ts';

interface PlanListProps {
  plan: ChangePlan;
  /** How far each step is; undefined: nothing is being done. */
  states: ReadonlyMap<string, StepState> | undefined;
}

/** So many services are drawn at first; the others on request. */
const MOST_GROUPS = 60;

/** A plan by service: what is done to each and why, what is left as it is, and what is as declared. */
export function PlanList({ plan, states }: PlanListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const groups = groupPlan(plan);
  const drawn = isWhole ? groups : groups.slice(0, MOST_GROUPS);
  const blocked = plan.notes.filter(({ kind }) => kind === 'blocked');
  // What is to be chosen stands beside its box.
  const left = plan.notes.filter(
    ({ kind, asks }) => kind !== 'blocked' && kind !== 'crowded' && asks === undefined,
  );
  const crowded = plan.notes.filter(({ kind }) => kind === 'crowded');
  return (
    <>
      {groups.length > 0 ? (
        <p className={styles.sum} data-testid="plan-sum">
          {countVerbs(plan).map(({ verb, things }) => (
            <Badge key={verb} tone={VERB_TONES[verb]}>
              {verb}{' '}
              {listWords([...things].map(([thing, count]) => `${count} ${thing}${count === 1 ? '' : 's'}`))}
            </Badge>
          ))}
        </p>
      ) : null}
      <Notes
        title="Cannot be done"
        texts={foldNotes(blocked)}
        hints={hintsOf(blocked.filter(({ asks }) => asks === undefined))}
        isBad
      />
      <Notes title="Where replicas will run" texts={foldNotes(crowded)} hints={hintsOf(crowded)} />
      {drawn.map((group) => (
        <section
          key={`${group.kind} ${group.title}`}
          className={styles.group}
          aria-label={displayName(group.title)}
        >
          <h3 className={styles.title}>
            {displayName(group.kind === 'service' ? group.title : capital(group.title))}
            {group.after.length > 0 ? (
              <span className={styles.after}>after {displayName(listWords(group.after))}</span>
            ) : null}
          </h3>
          <ul className={styles.rows}>
            {group.rows.map((row) => (
              <PlanRowItem key={row.steps[0]?.id} row={row} states={states} />
            ))}
          </ul>
        </section>
      ))}
      {drawn.length < groups.length ? (
        <Button onClick={() => setIsWhole(true)}>Show {groups.length - drawn.length} more services</Button>
      ) : null}
      <Notes title="Left as it is" texts={foldNotes(left)} hints={hintsOf(left)} />
      {plan.unchanged.length > 0 && plan.steps.length > 0 ? (
        <Unfolding
          className={styles.kept}
          summary={`${plan.unchanged.length} ${plan.unchanged.length === 1 ? 'service stays as it is' : 'services stay as they are'}`}
        >
          <p className={styles.names}>{displayName([...plan.unchanged].join(', '))}</p>
        </Unfolding>
      ) : null}
    </>
  );
}

interface NotesProps {
  title: string;
  texts: readonly string[];
  hints: readonly string[];
  isBad?: boolean;
}

const MOST_NOTES = 8;

function Notes({ title, texts, hints, isBad = false }: NotesProps) {
  if (texts.length === 0) return null;
  const list = (shown: readonly string[]) => (
    <ul>
      {shown.map((text) => (
        <li key={text}>{displayName(text)}</li>
      ))}
    </ul>
  );
  return (
    <section className={styles.notes} data-bad={isBad || undefined} aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      {list(texts.slice(0, MOST_NOTES))}
      {texts.length > MOST_NOTES ? (
        <Unfolding summary={`${texts.length - MOST_NOTES} more`}>{list(texts.slice(MOST_NOTES))}</Unfolding>
      ) : null}
      {hints.map((hint) => (
        <p key={hint} className={styles.hint}>
          {displayName(hint)}
        </p>
      ))}
    </section>
  );
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
