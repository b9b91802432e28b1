import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { openConsent } from '../app/consentStore.ts';
import { displayName } from '../app/displayName.ts';
import { PlanChoiceBoxes } from './PlanChoiceBoxes.tsx';
import styles from './PlanDialog.module.css';
import { PlanList } from './PlanList.tsx';
import { PlanNews } from './PlanNews.tsx';
import { PlanProgress } from './PlanProgress.tsx';
import { closePlan, usePlanDialog } from './planStore.ts';
import { setAskBeforeChanges } from './setAskBeforeChanges.ts';
import { stepStates } from './stepStates.ts';
import { useApply } from './useApply.ts';
import { type PlanChoices, usePlan } from './usePlan.ts';

interface PlanDialogProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
}

/** What will change of an app, and why, to be applied or not; shown by openPlan. */
export function PlanDialog(props: PlanDialogProps) {
  const isOpen = usePlanDialog((store) => store.appId === props.app.id);
  return isOpen ? <OpenPlan {...props} /> : null;
}

/** What Run does, too: what failed is tried again, and what the files do not know stays. */
const FIRST_CHOICES: PlanChoices = { removeOrphans: false, retryFailed: true };

function OpenPlan({ app, client, engineReady }: PlanDialogProps) {
  const [choices, setChoices] = useState(FIRST_CHOICES);
  const asks = usePreferences((store) => store.askBeforeChanges);
  const [isApplying, setIsApplying] = useState(false);
  const { shown, error, isReading, isRenewed, read } = usePlan(
    client,
    app,
    choices,
    isApplying || !engineReady,
  );
  const { applying, outcome, apply, cancel, forget } = useApply(
    client,
    app,
    ({ planChanged, needsConsent }) => {
      setIsApplying(false);
      if (needsConsent) {
        closePlan();
        openConsent(app.id);
      } else read(!planChanged);
    },
  );
  const plan = applying?.shown.plan ?? shown?.plan;
  const states = applying === undefined ? undefined : stepStates(applying.shown.plan, app, applying.before);
  const isStarting = app.operations.some(({ kind }) => kind === 'up');
  const isDifferent =
    shown?.choices.removeOrphans !== choices.removeOrphans ||
    shown.choices.retryFailed !== choices.retryFailed;
  const canApply =
    engineReady &&
    applying === undefined &&
    !isStarting &&
    !isDifferent &&
    error === undefined &&
    (plan?.steps.length ?? 0) > 0;
  const choose = (next: PlanChoices): void => {
    forget();
    setChoices(next);
  };
  return (
    <Dialog
      open
      onClose={closePlan}
      size="large"
      title="What will change"
      description={`What brings ${displayName(app.title)} to what its files say.`}
      data-testid="plan"
      footer={
        <>
          <Switch
            className={styles.asks}
            label="Ask before Run replaces or removes"
            checked={asks}
            onChange={(next) => setAskBeforeChanges(client, next)}
          />
          {applying === undefined ? (
            <>
              <Button onClick={closePlan}>
                {outcome?.kind === 'done' || plan?.steps.length === 0 ? 'Close' : 'Cancel'}
              </Button>
              <Button
                variant="primary"
                data-autofocus
                aria-disabled={!canApply || undefined}
                onClick={() => {
                  if (!canApply || shown === undefined) return;
                  setIsApplying(true);
                  apply(shown);
                }}
              >
                Apply
              </Button>
            </>
          ) : (
            <>
              <Button onClick={closePlan}>Hide</Button>
              <Button disabled={!isStarting} onClick={cancel}>
                Cancel
              </Button>
            </>
          )}
        </>
      }
    >
      <div className={styles.stack} aria-busy={isReading && plan === undefined}>
        <PlanNews
          engineReady={engineReady}
          error={error}
          outcome={outcome}
          isRenewed={isRenewed}
          isStarting={isStarting && applying === undefined}
          onRetry={() => read()}
        />
        {applying === undefined || states === undefined ? null : (
          <PlanProgress
            plan={applying.shown.plan}
            states={states}
            operation={app.operations.find(({ kind }) => kind === 'up')}
          />
        )}
        {plan === undefined ? (
          error === undefined && engineReady ? (
            <div className={styles.waiting}>
              <Spinner size={18} label="Comparing the files with the engine" />
            </div>
          ) : null
        ) : (
          <>
            {applying === undefined ? (
              <PlanChoiceBoxes plan={plan} choices={choices} onChange={choose} />
            ) : null}
            {plan.steps.length === 0 ? (
              <EmptyState compact icon={<CircleCheck size={20} />} title="Nothing to change">
                {plan.notes.some(({ kind }) => kind === 'blocked')
                  ? 'What could be done is done.'
                  : 'The engine has what the files say.'}
              </EmptyState>
            ) : null}
            <PlanList plan={plan} states={states} />
          </>
        )}
      </div>
    </Dialog>
  );
}
