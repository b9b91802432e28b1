import type { CallInput } from '#shared/contract/calls.ts';
import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { takesAway } from '#shared/reconcile/groupPlan.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { isLive } from '../app/appAbilities.ts';
import { type ConsentPurpose, openConsent } from '../app/consentStore.ts';
import { openPlan } from './planStore.ts';

/**
 * Runs an app: one of which nothing runs at once; of one that runs, what would be replaced or removed is shown first, unless a person does
 * not want to be asked. What needs consent is asked for.
 *
 * @throws FlotillaError all other failures of `apps.plan` and `apps.up`
 */
export async function runOrAsk(client: Client, app: Pick<AppView, 'id' | 'workers'>): Promise<void> {
  // Whoever presses Run wants what failed to run, too.
  const input = { appId: app.id, retryFailed: true };
  try {
    if (usePreferences.getState().askBeforeChanges && app.workers.some(isLive)) {
      const { steps } = await client.call('apps.plan', input);
      if (steps.some(takesAway)) return openPlan(app.id);
    }
    await client.call('apps.up', input);
  } catch (error) {
    if (toErrorShape(error).code !== 'consent-required') throw error;
    openConsent(app.id);
  }
}

/**
 * Builds all images and runs an app of which nothing runs: its code as it is now, not as it was when it was built last.
 *
 * @param again what is done once that which needs consent is allowed
 * @throws FlotillaError all failures of `apps.up` but the want of consent
 */
export async function buildAndRun(client: Client, appId: string, again: () => void): Promise<void> {
  const up = client.call('apps.up', { appId, build: 'always', retryFailed: true });
  await orAsk(up, appId, { label: 'Allow, build and run', go: again });
}

/**
 * Builds images of an app.
 *
 * @param again what is done once that which needs consent is allowed
 * @throws FlotillaError all failures of `apps.build` but the want of consent
 */
export async function buildOrAsk(
  client: Client,
  input: CallInput<'apps.build'>,
  again: () => void,
): Promise<void> {
  await orAsk(client.call('apps.build', input), input.appId, { label: 'Allow and build', go: again });
}

async function orAsk(operation: Promise<unknown>, appId: string, purpose: ConsentPurpose): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (toErrorShape(error).code !== 'consent-required') throw error;
    openConsent(appId, purpose);
  }
}
