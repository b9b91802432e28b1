import type { Preferences } from '#shared/contract/calls.ts';
import type { Client } from '#shared/contract/Client.ts';
import { applyTheme, usePreferences } from '../stores/preferences.ts';
import { showError } from './showError.ts';

/** At once on screen, then remembered. */
export function setTheme(client: Client, theme: Preferences['theme']): void {
  usePreferences.setState({ theme });
  applyTheme(theme);
  client.call('preferences.set', { theme }).catch(showError);
}
