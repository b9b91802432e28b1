/** What a key does in the log. */
export type PanelAction =
  | 'search'
  | 'filter'
  | 'wrap'
  | 'time'
  | 'start'
  | 'end'
  | 'pause'
  | 'bookmark'
  | 'previousBookmark'
  | 'nextBookmark'
  | 'nextMatch'
  | 'previousMatch'
  | 'levels'
  | 'histogram'
  | 'split'
  | 'export'
  | 'jump'
  | 'details';

const KEYS: Record<string, PanelAction> = {
  '/': 'search',
  f: 'filter',
  w: 'wrap',
  t: 'time',
  'g g': 'start',
  'g t': 'end',
  G: 'end',
  m: 'bookmark',
  '[': 'previousBookmark',
  ']': 'nextBookmark',
  n: 'nextMatch',
  N: 'previousMatch',
  F3: 'nextMatch',
  'Shift F3': 'previousMatch',
  l: 'levels',
  h: 'histogram',
  v: 'split',
  e: 'export',
  j: 'jump',
};
/** On a button they press it. */
const LIST_KEYS: Record<string, PanelAction> = { ' ': 'pause', Enter: 'details' };

/** The keys that work while the log has the focus, for the sheet of shortcuts. */
export const LOG_KEYS = [
  { keys: 'f', title: 'Filter lines' },
  { keys: '/', title: 'Search' },
  { keys: 'n', title: 'Next match (Shift: previous)' },
  { keys: 'l', title: 'Levels' },
  { keys: 't', title: 'Change the times' },
  { keys: 'w', title: 'Wrap long lines' },
  { keys: 'space', title: 'Pause and go on' },
  { keys: 'g g', title: 'Go to the first line' },
  { keys: 'shift+g', title: 'Go to the end and follow it' },
  { keys: 'j', title: 'Go to a time' },
  { keys: 'm', title: 'Set or remove a bookmark' },
  { keys: '[', title: 'Previous bookmark' },
  { keys: ']', title: 'Next bookmark' },
  { keys: 'enter', title: 'Details of the line' },
  { keys: 'mod+c', title: 'Copy the chosen lines (Shift and arrows choose)' },
  { keys: 'h', title: 'Lines over time' },
  { keys: 'v', title: 'Two panes side by side, and back to one' },
  { keys: 'e', title: 'Export' },
];

/** The action of a press, or the beginning of a sequence such as `g g`. `pending` are the presses before it. */
export function panelKey(
  press: { key: string; shiftKey: boolean; onList: boolean },
  pending: string | null,
): { action: PanelAction | null; pending: string | null } {
  if (press.onList) {
    const action = LIST_KEYS[press.key];
    if (action) return { action, pending: null };
  }
  const name = press.key === 'F3' && press.shiftKey ? 'Shift F3' : press.key;
  const sequence = pending === null ? undefined : KEYS[`${pending} ${name}`];
  if (sequence) return { action: sequence, pending: null };
  if (name === 'g') return { action: null, pending: 'g' };
  return { action: KEYS[name] ?? null, pending: null };
}
