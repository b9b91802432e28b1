import type { LogTerm } from '#shared/logs/LogQuery.ts';
import type { HighlightRule } from '../marks/highlightRules.ts';
import type { TimeMode } from '../time/formatLogTime.ts';

/** How rows are drawn, the same object while nothing of it changed: rows are drawn anew only when it does. */
export interface RowLook {
  timeMode: TimeMode;
  wrap: boolean;
  /** Epoch milliseconds where relative times begin. */
  zero: number | null;
  /** What is searched for. */
  term: LogTerm | null;
  rules: readonly HighlightRule[];
  columns: readonly FieldColumn[];
  /** Hues chosen by hand, degrees, by worker. */
  hues: Readonly<Record<string, number>>;
}

/** A field of the lines shown in a column of its own. */
export interface FieldColumn {
  field: string;
  /** Characters. */
  width: number;
  numeric: boolean;
}
