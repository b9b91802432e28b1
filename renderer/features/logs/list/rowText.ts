import type { LogRow } from '#shared/domain/LogView.ts';
import { cleanTerminalText, withoutColours } from '../cleanTerminalText.ts';

const known = new WeakMap<LogRow, { shown: string; plain: string }>();

/** A row's text as it may be shown: with colours (`shown`) and without; worked out once a row. */
export function rowText(row: LogRow): { shown: string; plain: string } {
  const before = known.get(row);
  if (before) return before;
  const shown = cleanTerminalText(row.text);
  const text = { shown, plain: withoutColours(shown) };
  known.set(row, text);
  return text;
}
