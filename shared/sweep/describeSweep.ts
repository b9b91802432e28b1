import type { SweepJob, SweepPlan, SweepSummary, SweepTable } from '../domain/Sweep.ts';
import { timeWords } from '../study/words.ts';
import { countJobs, isUnfinished } from './sweepJobs.ts';
import { tableColumns, type TableColumn } from './sweepTable.ts';

const LONGEST_CELL = 40;

/** What a cell of the table says to people. */
export function cellWords(column: TableColumn, job: SweepJob): string {
  const value = column.value(job);
  if (value === undefined) return '';
  return column.key === 'time' ? timeWords(Number(value)) : String(value);
}

/** The title of a column, for people. */
export const titleWords = ({ key, title }: TableColumn): string =>
  key === 'time' ? 'time' : key === 'code' ? 'exit' : title;

/** The table in lines, then why jobs failed and what of their values is missing, then what is to be done. */
export function describeSweep({ plan, jobs }: SweepTable): string[] {
  const columns = tableColumns(plan);
  const rows = [
    columns.map(titleWords),
    ...jobs.map((job) => columns.map((column) => shortened(cellWords(column, job)))),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const isRight = (at: number): boolean => columns[at]?.key !== 'state';
  const table = rows.map((row) =>
    row
      .map((cell, at) => (isRight(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const remarks = jobs.flatMap((job) => remarksOf(job).map((text) => `job ${job.index + 1}: ${text}`));
  return [...table, ...(remarks.length === 0 ? [] : ['', ...remarks]), '', verdict({ plan, jobs })];
}

/** Why the last try of a job failed, or what of its values is missing. */
export const remarksOf = ({ last }: SweepJob): string[] =>
  last === undefined ? [] : [...(last.reason === undefined ? [] : [last.reason]), ...last.problems];

/** How a sweep stands, in a sentence, and how to go on with it. */
export function verdict({ plan, jobs }: SweepTable): string {
  const counts = countJobs(jobs);
  const words = countWords(counts);
  if (isUnfinished(counts)) return `${words}. flotilla sweep DIR --resume ${plan.id} goes on.`;
  if (counts.failed > 0)
    return `${words}. flotilla sweep DIR --resume ${plan.id} --retry-failed tries those that failed again.`;
  return `${words}.`;
}

/** `3 ok, 1 failed`; those of which there are none are left out. */
export function countWords(counts: SweepSummary['counts']): string {
  const parts = (['ok', 'failed', 'running', 'waiting'] as const).flatMap((state) =>
    counts[state] === 0 ? [] : [`${counts[state]} ${state}`],
  );
  return parts.join(', ');
}

/** The parameters of a job: `threads=2 seed=1`. */
export const parameterWords = ({ parameters, rows }: SweepPlan, index: number): string =>
  parameters.map((name, at) => `${name}=${shortened(rows[index]?.[at] ?? '')}`).join(' ');

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL - 1)}…` : line;
};
