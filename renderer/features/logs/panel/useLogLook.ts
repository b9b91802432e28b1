import { useMemo, useRef } from 'react';
import type { LogRow } from '#shared/domain/LogView.ts';
import type { LogTerm } from '#shared/logs/LogQuery.ts';
import { fitColumns } from '../columns/fieldColumns.ts';
import type { FieldColumn, RowLook } from '../list/RowLook.ts';
import type { HighlightRule } from '../marks/highlightRules.ts';
import type { TimeMode } from '../time/formatLogTime.ts';

/** How rows are drawn: one object, new only when something of it changed. */
export function useLogLook(options: {
  timeMode: TimeMode;
  wrap: boolean;
  zero: number | null;
  term: LogTerm | null;
  rules: readonly HighlightRule[];
  hues: Readonly<Record<string, number>>;
  fields: readonly string[];
  rows: readonly LogRow[];
}): RowLook {
  const { timeMode, wrap, zero, term, rules, hues, fields, rows } = options;
  const fitted = useRef<readonly FieldColumn[]>([]);
  const columns = fitColumns(fields, fields.length === 0 ? [] : rows, fitted.current);
  fitted.current = columns;
  const shownZero = timeMode === 'relative' ? zero : null;
  return useMemo(
    () => ({ timeMode, wrap, zero: shownZero, term, rules, columns, hues }),
    [timeMode, wrap, shownZero, term, rules, columns, hues],
  );
}
