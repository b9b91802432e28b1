import { useId } from 'react';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { listWords } from '#shared/reconcile/listWords.ts';
import { displayName } from '../app/displayName.ts';
import styles from './PlanDialog.module.css';
import type { PlanChoices } from './usePlan.ts';

interface PlanChoiceBoxesProps {
  plan: ChangePlan;
  choices: PlanChoices;
  onChange: (choices: PlanChoices) => void;
}

/** What a plan does only when asked: orphans go, what failed is tried again. Each is there only where there is such. */
export function PlanChoiceBoxes({ plan, choices, onChange }: PlanChoiceBoxesProps) {
  const orphans = askedFor(plan, 'removeOrphans');
  const failed = askedFor(plan, 'retryFailed');
  if (orphans.length === 0 && failed.length === 0) return null;
  return (
    <fieldset className={styles.choices}>
      <legend className="visually-hidden">Also</legend>
      {orphans.length > 0 ? (
        <Choice
          label={`Remove ${orphans.length === 1 ? 'the orphan' : `${orphans.length} orphans`}`}
          detail={`${listWords(orphans, 6)}: the files have no word of ${orphans.length === 1 ? 'it' : 'them'}. Volumes stay.`}
          checked={choices.removeOrphans}
          onChange={(removeOrphans) => onChange({ ...choices, removeOrphans })}
        />
      ) : null}
      {failed.length > 0 ? (
        <Choice
          label={`Try again what failed (${failed.length})`}
          detail={listWords(failed, 6)}
          checked={choices.retryFailed}
          onChange={(retryFailed) => onChange({ ...choices, retryFailed })}
        />
      ) : null}
    </fieldset>
  );
}

interface ChoiceProps {
  label: string;
  detail: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Choice({ label, detail, checked, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.choice}>
      <input
        type="checkbox"
        id={id}
        aria-describedby={`${id}-detail`}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        <p id={`${id}-detail`} className={styles.muted}>
          {displayName(detail)}
        </p>
      </div>
    </div>
  );
}

/** Subjects that an option is about, whether it is on (then they have steps) or off (then there are notes). */
function askedFor({ steps, notes }: ChangePlan, option: keyof PlanChoices): string[] {
  const taken = steps.filter(({ kind, retries }) =>
    option === 'retryFailed' ? retries === true : kind === 'remove-orphan' || kind === 'remove-network',
  );
  const left = notes.filter(({ kind, asks }) => asks === option && kind !== 'blocked');
  return [...taken, ...left].map(({ subject }) => subject);
}
