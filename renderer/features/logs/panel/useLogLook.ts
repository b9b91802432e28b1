import { useMemo, useRef, useSyncExternalStore } from 'react';
import type { LogTerm } from '#shared/logs/LogQuery.ts';
import { fitColumns } from '../columns/fieldColumns.ts';
import type { FieldColumn, RowLook } from '../list/RowLook.ts';
import type { HighlightRule } from '../marks/highlightRules.ts';
import type { TimeMode } from '../time/formatLogTime.ts';
import type { LogWindow } from '../view/LogWindow.ts';

const NO_COLUMNS: readonly FieldColumn[] = [];

/** How rows are drawn: one object, new only when something of it changed. */
export function useLogLook(options: {
  timeMode: TimeMode;
  wrap: boolean;
  zero: number | null;
  term: LogTerm | null;
  rules: readonly HighlightRule[];
  hues: Readonly<Record<string, number>>;
  fields: readonly string[];
  rows: LogWindow;
}): RowLook {
  const { timeMode, wrap, zero, term, rules, hues, fields, rows } = options;
  const fitted = useRef(NO_COLUMNS);
  // The same array while the columns are as wide as before: rows that come draw nothing anew but themselves.
  const columns = useSyncExternalStore(rows.subscribe, () => {
    fitted.current = fields.length === 0 ? NO_COLUMNS : fitColumns(fields, rows.rows, fitted.current);
    return fitted.current;
  });
  const shownZero = timeMode === 'relative' ? zero : null;
  return useMemo(
    () => ({ timeMode, wrap, zero: shownZero, term, rules, columns, hues }),
    [timeMode, wrap, shownZero, term, rules, columns, hues],
  );
}
