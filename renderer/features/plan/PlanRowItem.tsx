import { Check, CircleAlert } from 'lucide-react';
import { useState } from 'react';
import type { PlanStep, SettingChange } from '#shared/reconcile/ChangePlan.ts';
import type { PlanRow } from '#shared/reconcile/groupPlan.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './PlanList.module.css';
import type { StepState } from './stepStates.ts';
import { Unfolding } from './Unfolding.tsx';
import { VERB_TONES } from './verbTones.ts';

interface PlanRowItemProps {
  row: PlanRow;
  states: ReadonlyMap<string, StepState> | undefined;
}

/** Steps of one fate: what, why, which setting from what to what; several replicas unfold. */
export function PlanRowItem({ row, states }: PlanRowItemProps) {
  const { verb, what, reason, steps } = row;
  const changes = steps[0]?.changes ?? [];
  const state =
    states === undefined ? undefined : stateOfAll(steps.map(({ id }) => states.get(id) ?? 'waiting'));
  return (
    <li className={styles.row} data-verb={verb} data-state={state}>
      <Badge tone={VERB_TONES[verb]} className={styles.verb}>
        {verb}
      </Badge>
      <div className={styles.words}>
        <p>
          <span className={styles.what}>{displayName(what)}</span>{' '}
          <span className={styles.reason}>{displayName(reason)}</span>
        </p>
        {changes.length > 0 ? <Changes changes={changes} /> : null}
        {steps.length > 1 ? (
          <Unfolding summary={`${steps.length} containers`}>
            <Replicas steps={steps} states={states} />
          </Unfolding>
        ) : null}
      </div>
      {state === undefined ? null : <StateMark state={state} />}
    </li>
  );
}

function Changes({ changes }: { changes: readonly SettingChange[] }) {
  return (
    <dl className={styles.changes}>
      {changes.map(({ setting, before, after }) => (
        <div key={setting}>
          <dt>{displayName(setting)}</dt>
          <dd>
            {before === undefined ? (
              'now '
            ) : (
              <>
                <Value text={before} /> <span aria-label="becomes">→</span>{' '}
              </>
            )}
            <Value text={after} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const Value = ({ text }: { text: string | null }) =>
  text === null ? <em>not set</em> : <code>{text === '' ? '“”' : displayName(text)}</code>;

/** So many replicas are drawn at once. */
const MOST_REPLICAS = 200;

function Replicas({ steps, states }: { steps: readonly PlanStep[]; states: PlanRowItemProps['states'] }) {
  const [count, setCount] = useState(MOST_REPLICAS);
  return (
    <>
      <ul className={styles.replicas}>
        {steps.slice(0, count).map(({ id, subject }) => (
          <li key={id}>
            {displayName(subject)}
            {states === undefined ? null : <StateMark state={states.get(id) ?? 'waiting'} />}
          </li>
        ))}
      </ul>
      {count < steps.length ? (
        <Button size="small" onClick={() => setCount(count + MOST_REPLICAS)}>
          Show {Math.min(MOST_REPLICAS, steps.length - count)} more
        </Button>
      ) : null}
    </>
  );
}

function StateMark({ state }: { state: StepState }) {
  if (state === 'waiting') return <span className={styles.mark}>waits</span>;
  if (state === 'doing') return <Spinner size={13} label="Being done" className={styles.mark} />;
  return state === 'done' ? (
    <Check size={14} className={styles.done} aria-label="Done" role="img" />
  ) : (
    <CircleAlert size={14} className={styles.failed} aria-label="Failed" role="img" />
  );
}

/** A failure shows; done is what is done as a whole. */
function stateOfAll(states: readonly StepState[]): StepState {
  if (states.includes('failed')) return 'failed';
  if (states.every((state) => state === 'done')) return 'done';
  return states.every((state) => state === 'waiting') ? 'waiting' : 'doing';
}
