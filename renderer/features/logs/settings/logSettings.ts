import { type HighlightRule, RULE_COLOURS } from '../marks/highlightRules.ts';
import { TIME_MODES, type TimeMode } from '../time/formatLogTime.ts';

/** How an app's log is shown. */
export interface LogSettings {
  timeMode: TimeMode;
  wrap: boolean;
  histogram: boolean;
  foldTraces: boolean;
  /** Fields that have a column. */
  columns: readonly string[];
}

export const settingsKey = (appId: string) => `flotilla.log.${appId}`;
export const rulesKey = (appId: string) => `flotilla.log-rules.${appId}`;
export const huesKey = (appId: string) => `flotilla.log-hues.${appId}`;
export const bookmarksKey = (appId: string) => `flotilla.log-bookmarks.${appId}`;

const MOST_RULES = 30;
export const MOST_COLUMNS = 12;
const FIELD_CHARACTERS = 200;

export function readSettings(stored: unknown): LogSettings {
  const found = recordOf(stored);
  return {
    timeMode: TIME_MODES.find((mode) => mode === found['timeMode']) ?? 'off',
    wrap: found['wrap'] === true,
    histogram: found['histogram'] !== false,
    foldTraces: found['foldTraces'] === true,
    columns: readColumns(found['columns']),
  };
}

function readColumns(stored: unknown): string[] {
  if (!Array.isArray(stored)) return [];
  const names = stored.filter(
    (name): name is string => typeof name === 'string' && name !== '' && name.length <= FIELD_CHARACTERS,
  );
  return [...new Set(names)].slice(0, MOST_COLUMNS);
}

export function readRules(stored: unknown): HighlightRule[] {
  if (!Array.isArray(stored)) return [];
  return stored.slice(0, MOST_RULES).flatMap((entry: unknown) => {
    const { id, term, colour, wholeLine } = recordOf(entry);
    const { text, regex, matchCase } = recordOf(term);
    const known = RULE_COLOURS.find((name) => name === colour);
    if (typeof id !== 'string' || typeof text !== 'string' || text === '' || !known) return [];
    return [
      {
        id,
        colour: known,
        wholeLine: wholeLine === true,
        term: {
          text: text.slice(0, 1000),
          ...(regex === true ? { regex: true } : {}),
          ...(matchCase === true ? { matchCase: true } : {}),
        },
      },
    ];
  });
}

/** Degrees by worker. */
export function readHues(stored: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(recordOf(stored)).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= 0 && entry[1] < 360,
    ),
  );
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
