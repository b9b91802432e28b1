import type { AppAction } from './appActions.ts';

const NAMES: Record<string, string> = { '+': 'plus', '=': 'plus', '−': '-', _: '-' };

/**
 * What a key press means after those before it: an action to run, or the beginning of a sequence such as `g t`.
 * `keys` of an action are single keys with blanks between the presses of a sequence.
 */
export function nextPress(
  actions: readonly AppAction[],
  before: readonly string[],
  key: string,
): { action?: AppAction; pending: string[] } {
  const name = NAMES[key] ?? key.toLowerCase();
  for (const presses of before.length > 0 ? [[...before, name], [name]] : [[name]]) {
    const typed = presses.join(' ');
    const action = actions.find((candidate) => candidate.keys === typed);
    if (action) return action.enabled ? { action, pending: [] } : { pending: [] };
    if (actions.some((candidate) => candidate.keys?.startsWith(`${typed} `))) return { pending: presses };
  }
  return { pending: [] };
}
