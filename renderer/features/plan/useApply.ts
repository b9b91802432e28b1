import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { ShownPlan } from './usePlan.ts';
import { containersBefore, type ContainersBefore } from './stepStates.ts';

/** A plan that is being applied, and what it found. */
export interface Applying {
  shown: ShownPlan;
  before: ContainersBefore;
}

/** How the last try went. */
export type ApplyOutcome =
  | { kind: 'done'; shown: ShownPlan }
  | { kind: 'cancelled' }
  | { kind: 'failed'; error: ErrorShape };

/**
 * Applies a plan that is on show, and no other: when the project or the engine changed meanwhile, nothing is done.
 * @param onEnd it is over, `planChanged`: because the plan is another one now
 */
export function useApply(
  client: Client,
  app: AppView,
  onEnd: (end: { planChanged: boolean; needsConsent: boolean }) => void,
): {
  applying: Applying | undefined;
  outcome: ApplyOutcome | undefined;
  apply: (shown: ShownPlan) => void;
  cancel: () => void;
  forget: () => void;
} {
  const [applying, setApplying] = useState<Applying>();
  const [outcome, setOutcome] = useState<ApplyOutcome>();
  const apply = (shown: ShownPlan): void => {
    setOutcome(undefined);
    setApplying({ shown, before: containersBefore(app) });
    client.call('apps.up', { appId: app.id, ...shown.choices, expected: shown.digest }).then(
      () => {
        setApplying(undefined);
        setOutcome({ kind: 'done', shown });
        onEnd({ planChanged: false, needsConsent: false });
      },
      (thrown: unknown) => {
        const error = toErrorShape(thrown);
        const planChanged = error.detail?.['planChanged'] === true;
        const needsConsent = error.code === 'consent-required';
        setApplying(undefined);
        if (error.code === 'cancelled') setOutcome({ kind: 'cancelled' });
        else if (!planChanged && !needsConsent) setOutcome({ kind: 'failed', error });
        onEnd({ planChanged, needsConsent });
      },
    );
  };
  const cancel = (): void => {
    const operation = app.operations.find(({ kind }) => kind === 'up');
    if (operation === undefined) return;
    // It may have ended just now, which is as good.
    client.call('apps.cancel', { appId: app.id, operationId: operation.id }).catch(() => undefined);
  };
  return { applying, outcome, apply, cancel, forget: () => setOutcome(undefined) };
}
