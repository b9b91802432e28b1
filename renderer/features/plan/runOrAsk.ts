import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { takesAway } from '#shared/reconcile/groupPlan.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { isLive } from '../app/appAbilities.ts';
import { openConsent } from '../app/consentStore.ts';
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
