import type { LogLevel } from '../domain/LogLine.ts';

/** A word, phrase or expression to look for in a line's text (without its colour sequences). */
export interface LogTerm {
  text: string;
  /** `text` is an ECMAScript regular expression (flag `u`). */
  regex?: boolean | undefined;
  /** Default: upper and lower case are the same. */
  matchCase?: boolean | undefined;
}

export const FIELD_OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;
export type FieldOperator = (typeof FIELD_OPERATORS)[number];

/**
 * A test of a field of the line: of its JSON object (nested names joined by dots) or of a `name=value` pair in its text.
 * Both sides numbers: compared as numbers; `~`: contains, any case. A line without the field fails every test but `!=`.
 */
export interface LogFieldTest {
  field: string;
  operator: FieldOperator;
  value: string;
}

/** Which lines a view of a log shows: all conditions must hold. Absent conditions hold for every line. */
export interface LogQuery {
  /** Worker keys (`service-index`) to show. */
  workers?: string[] | undefined;
  /** Worker keys to leave out; new workers appear by themselves. */
  hiddenWorkers?: string[] | undefined;
  services?: string[] | undefined;
  levels?: LogLevel[] | undefined;
  stream?: 'stdout' | 'stderr' | undefined;
  /** Every one must be found. */
  include?: LogTerm[] | undefined;
  /** None may be found. */
  exclude?: LogTerm[] | undefined;
  fields?: LogFieldTest[] | undefined;
  /** Epoch milliseconds, inclusive. */
  fromMs?: number | undefined;
  /** Epoch milliseconds, exclusive. */
  toMs?: number | undefined;
  /** Leaves out the lines that continue another (stack traces); their first line says how many follow. */
  foldTraces?: boolean | undefined;
  /** Leaves out what Flotilla adds: started, ended. Implied by terms and fields. */
  hideNotices?: boolean | undefined;
}
