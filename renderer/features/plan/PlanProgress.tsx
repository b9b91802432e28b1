import type { OperationView } from '#shared/domain/AppView.ts';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './PlanDialog.module.css';
import type { StepState } from './stepStates.ts';

interface PlanProgressProps {
  plan: ChangePlan;
  states: ReadonlyMap<string, StepState>;
  operation: OperationView | undefined;
}

/** How far the plan is, and what is being done now. */
export function PlanProgress({ plan, states, operation }: PlanProgressProps) {
  const total = plan.steps.length;
  const done = plan.steps.filter(({ id }) => states.get(id) === 'done').length;
  return (
    <div className={styles.progress} data-testid="plan-progress">
      <ProgressBar label="Applying" value={done} max={total} />
      <span className={styles.muted} role="status">
        {displayName(operation?.step ?? '') || 'Applying'}
      </span>
      <span className={styles.muted}>
        {done} / {total}
      </span>
    </div>
  );
}
