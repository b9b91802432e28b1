import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import { usePreferences } from '../../stores/preferences.ts';

/** At once on screen, then remembered. */
export function setAskBeforeChanges(client: Client, askBeforeChanges: boolean): void {
  usePreferences.setState({ askBeforeChanges });
  client.call('preferences.set', { askBeforeChanges }).catch((error: unknown) => {
    usePreferences.setState({ askBeforeChanges: !askBeforeChanges });
    toast.error(toErrorShape(error).message);
  });
}
