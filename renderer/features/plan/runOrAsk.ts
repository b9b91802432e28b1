import type { CallInput } from '#shared/contract/calls.ts';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { takesAway } from '#shared/reconcile/groupPlan.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { isLive } from '../app/appAbilities.ts';
import { orAskConsent } from '../app/consentStore.ts';
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
  const run = async (): Promise<void> => {
    if (usePreferences.getState().askBeforeChanges && app.workers.some(isLive)) {
      const { steps } = await client.call('apps.plan', input);
      if (steps.some(takesAway)) return openPlan(app.id);
    }
    await client.call('apps.up', input);
  };
  await orAskConsent(run(), app.id);
}

/**
 * Builds all images and runs an app of which nothing runs: its code as it is now, not as it was when it was built last.
 *
 * @param again what is done once that which needs consent is allowed
 * @throws FlotillaError all failures of `apps.up` but the want of consent
 */
export async function buildAndRun(client: Client, appId: string, again: () => void): Promise<void> {
  const up = client.call('apps.up', { appId, build: 'always', retryFailed: true });
  await orAskConsent(up, appId, { label: 'Allow, build and run', go: again });
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
  await orAskConsent(client.call('apps.build', input), input.appId, { label: 'Allow and build', go: again });
}
