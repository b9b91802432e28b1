import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { planDigest } from '#shared/reconcile/planDigest.ts';

export interface PlanChoices {
  removeOrphans: boolean;
  retryFailed: boolean;
}

export interface ShownPlan {
  plan: ChangePlan;
  choices: PlanChoices;
  digest: string;
}

/** Files change without a word, so they are looked at again while the plan is on show. */
const LOOK_MS = 3_000;
/** What an engine tells in a burst is looked at once. */
const SETTLE_MS = 250;

/**
 * An app's plan for the choices made, kept up to date: read again when the app changes, when the window comes to the front and every few
 * seconds. `isRenewed`: it is another one than was on show before, and no choice was the reason. Rests while `isResting`.
 */
export function usePlan(
  client: Client,
  app: AppView,
  choices: PlanChoices,
  isResting: boolean,
): {
  shown: ShownPlan | undefined;
  error: ErrorShape | undefined;
  isReading: boolean;
  isRenewed: boolean;
  /** Reads it again; `quietly`: that it is another one now is no news. */
  read: (quietly?: boolean) => void;
} {
  const [shown, setShown] = useState<ShownPlan>();
  const [error, setError] = useState<ErrorShape>();
  const [isReading, setIsReading] = useState(true);
  const [isRenewed, setIsRenewed] = useState(false);
  const reading = useRef<AbortController>(undefined);
  const [asked, setAsked] = useState(0);
  const isQuiet = useRef(false);

  const look = useEffectEvent(() => {
    const quietly = isQuiet.current;
    reading.current?.abort();
    const own = new AbortController();
    reading.current = own;
    setIsReading(true);
    client.call('apps.plan', { appId: app.id, ...choices }, { signal: own.signal }).then(
      (plan) => {
        // One that is broken off for another leaves its quiet to that one.
        if (own.signal.aborted) return;
        isQuiet.current = false;
        const digest = planDigest(plan);
        const isOther = shown !== undefined && shown.digest !== digest;
        const isSameQuestion =
          shown?.choices.removeOrphans === choices.removeOrphans &&
          shown.choices.retryFailed === choices.retryFailed;
        if (quietly || !isSameQuestion) setIsRenewed(false);
        else if (isOther) setIsRenewed(true);
        setShown({ plan, choices, digest });
        setError(undefined);
        setIsReading(false);
      },
      (thrown: unknown) => {
        if (own.signal.aborted) return;
        setError(toErrorShape(thrown));
        setIsReading(false);
      },
    );
  });

  const { removeOrphans, retryFailed } = choices;
  useEffect(() => {
    if (isResting) {
      reading.current?.abort();
      return undefined;
    }
    look();
    const onTime = (): void => {
      if (document.visibilityState === 'visible') look();
    };
    const timer = setInterval(onTime, LOOK_MS);
    window.addEventListener('focus', onTime);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', onTime);
      reading.current?.abort();
    };
  }, [client, app.id, removeOrphans, retryFailed, isResting, asked]);

  const signature = signatureOf(app);
  const known = useRef(signature);
  useEffect(() => {
    if (isResting || known.current === signature) return undefined;
    const timer = setTimeout(() => {
      known.current = signature;
      look();
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [signature, isResting]);

  const read = (quietly = false): void => {
    isQuiet.current = quietly;
    setAsked((count) => count + 1);
  };
  return { shown, error, isReading, isRenewed, read };
}

/** Changes with all in a view that a plan may depend on. */
function signatureOf({ workers, services, diagnostics, drift }: AppView): string {
  return JSON.stringify([
    workers.map(({ key, containerId, phase }) => [key, containerId, phase]),
    services.map(({ name, requestedReplicas, image, imagePresent }) => [
      name,
      requestedReplicas,
      image,
      imagePresent,
    ]),
    diagnostics.map(({ id }) => id),
    drift,
  ]);
}
