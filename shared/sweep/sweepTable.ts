import type { SweepJob, SweepPlan, SweepTable } from '../domain/Sweep.ts';
import { csvLines } from '../text/csvCell.ts';

type Cell = string | number | undefined;

/** A column of a sweep's table. */
export interface TableColumn {
  /** Unique in the table. */
  key: string;
  title: string;
  kind: 'job' | 'parameter' | 'value' | 'fact';
  /** What is shown, sorted by and exported; undefined: nothing. */
  value: (job: SweepJob) => Cell;
}

/** The columns in the order they are shown in: the job, its parameters, how it went, what it found. */
export function tableColumns(plan: SweepPlan): TableColumn[] {
  return [
    { key: 'job', title: 'job', kind: 'job', value: ({ index }) => index + 1 },
    ...plan.parameters.map(
      (name, at): TableColumn => ({
        key: `parameter ${name}`,
        title: name,
        kind: 'parameter',
        value: ({ index }) => plan.rows[index]?.[at],
      }),
    ),
    { key: 'state', title: 'state', kind: 'fact', value: ({ state }) => state },
    { key: 'tries', title: 'tries', kind: 'fact', value: ({ tries }) => tries },
    { key: 'time', title: 'time_ms', kind: 'fact', value: ({ last }) => last?.timeMs },
    { key: 'code', title: 'exit_code', kind: 'fact', value: ({ last }) => last?.exitCode },
    ...plan.columns.map(
      ({ name }, at): TableColumn => ({
        key: `value ${name}`,
        title: name,
        kind: 'value',
        value: ({ last }) => last?.values[at] ?? undefined,
      }),
    ),
  ];
}

/**
 * The jobs by the values of one column: numbers by their size, before words by their order; what has no value comes last either way. Equal ones stay in the
 * order of the jobs.
 */
export function sortJobs(jobs: readonly SweepJob[], column: TableColumn, descending: boolean): SweepJob[] {
  const sign = descending ? -1 : 1;
  const keyed = jobs.map((job) => ({ job, value: sortable(column.value(job)) }));
  keyed.sort(({ value: a, job: left }, { value: b, job: right }) => {
    if (a === undefined || b === undefined)
      return a === b ? left.index - right.index : a === undefined ? 1 : -1;
    const order =
      typeof a === 'number' && typeof b === 'number'
        ? a - b
        : typeof a === 'string' && typeof b === 'string'
          ? a < b
            ? -1
            : Number(a > b)
          : typeof a === 'number'
            ? -1
            : 1;
    return order === 0 ? left.index - right.index : sign * order;
  });
  return keyed.map(({ job }) => job);
}

function sortable(value: Cell): Cell {
  if (typeof value !== 'string' || value.trim() === '') return value === '' ? undefined : value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

/** The table as a CSV file, a line each job, with the reason of one that failed. */
export function sweepCsv({ plan, jobs }: SweepTable): string {
  const columns = tableColumns(plan);
  return csvLines([
    [...columns.map(({ title }) => title), 'reason'],
    ...jobs.map((job) => [...columns.map(({ value }) => value(job)), reasonOf(job)]),
  ]);
}

/** The table as one JSON document: the plan without its rows, and an object each job. */
export function sweepJson({ plan: { rows, ...plan }, jobs }: SweepTable): {
  plan: Omit<SweepPlan, 'rows'>;
  jobs: object[];
} {
  return {
    plan,
    jobs: jobs.map((job) => ({
      job: job.index + 1,
      parameters: named(plan.parameters, rows[job.index] ?? []),
      state: job.state,
      tries: job.tries,
      outcome: job.last?.outcome,
      reason: reasonOf(job),
      startedAt: job.last?.startedAt,
      timeMs: job.last?.timeMs,
      exitCode: job.last?.exitCode,
      values: named(
        plan.columns.map(({ name }) => name),
        job.last?.values ?? [],
      ),
      problems: job.last?.problems ?? [],
    })),
  };
}

/** Why the last try did not go well. */
export const reasonOf = ({ last }: SweepJob): string | undefined => last?.reason;

const named = <Value>(names: readonly string[], values: readonly Value[]): Record<string, Value | null> =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]));
