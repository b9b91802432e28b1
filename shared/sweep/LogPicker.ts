import type { SweepColumn } from '../domain/Sweep.ts';
import { expressionOf } from './readColumns.ts';

/** So much of a line is looked at: expressions that try many ways through it stay quick. */
const LONGEST_LINE = 2_000;

/** Finds the values of a sweep's columns in a log as it is read; of several lines that match, the last counts. */
export class LogPicker {
  readonly #columns: { at: number; expression: RegExp }[];
  readonly #found = new Map<number, string>();

  constructor(columns: readonly SweepColumn[]) {
    this.#columns = columns.flatMap((column, at) =>
      column.from === 'log' ? [{ at, expression: expressionOf(column.pattern) }] : [],
    );
  }

  push(line: string): void {
    for (const { at, expression } of this.#columns) {
      const match = expression.exec(line.slice(0, LONGEST_LINE));
      // A group that took no part says nothing: then all of it counts.
      if (match !== null) this.#found.set(at, (match[1] ?? match[0]).trim());
    }
  }

  /** Of the column with that number; undefined: no line matched. */
  value(at: number): string | undefined {
    return this.#found.get(at);
  }
}
