import type { ErrorShape } from '#shared/contract/errors.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import type { ApplyOutcome } from './useApply.ts';

interface PlanNewsProps {
  engineReady: boolean;
  /** Why the plan could not be made. */
  error: ErrorShape | undefined;
  outcome: ApplyOutcome | undefined;
  isRenewed: boolean;
  /** The app is being started by somebody else. */
  isStarting: boolean;
  onRetry: () => void;
}

/** What there is to say above a plan: why there is none, that it is another one now, how applying it went. */
export function PlanNews({ engineReady, error, outcome, isRenewed, isStarting, onRetry }: PlanNewsProps) {
  return (
    <>
      {engineReady ? null : (
        <Banner tone="warn" title="No engine is connected">
          What it has is not known now. The plan is made again when one answers.
        </Banner>
      )}
      {engineReady && error !== undefined ? (
        <Banner
          tone="error"
          title={displayName(error.message)}
          action={
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          }
        >
          {error.hint === undefined ? undefined : displayName(error.hint)}
        </Banner>
      ) : null}
      {outcome?.kind === 'failed' ? (
        <Banner tone="error" title={displayName(outcome.error.message)}>
          {outcome.error.hint === undefined ? undefined : displayName(outcome.error.hint)}
        </Banner>
      ) : null}
      {outcome?.kind === 'cancelled' ? (
        <Banner title="Cancelled">Nothing is half done: what is left to do is listed below.</Banner>
      ) : null}
      {outcome?.kind === 'done' ? (
        <Banner title="Applied">
          {outcome.shown.plan.steps.every(({ kind }) => kind === 'update-container')
            ? 'The new limits hold, and nothing was restarted.'
            : 'The containers are started.'}
        </Banner>
      ) : null}
      {isStarting ? (
        <Banner title="The app is being started">The plan can be applied once that is over.</Banner>
      ) : null}
      {isRenewed ? (
        <Banner title="The plan is a new one">
          The project or the engine changed meanwhile. Look at it again.
        </Banner>
      ) : null}
    </>
  );
}
