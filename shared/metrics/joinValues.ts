import { METRIC_FACTS, type Metric } from '../domain/Metrics.ts';

/**
 * One value for several workers: the sum of those that are known, or their mean where adding up has no meaning.
 * @returns null where none is known
 */
export function joinValues(metric: Metric, values: Iterable<number | null | undefined>): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  if (count === 0) return null;
  return METRIC_FACTS[metric].join === 'sum' ? sum : sum / count;
}

/** Columns of several workers as one, cell by cell. */
export function joinColumns(
  metric: Metric,
  columns: readonly (readonly (number | null)[] | undefined)[],
  cells: number,
): (number | null)[] {
  return Array.from({ length: cells }, (_, cell) =>
    joinValues(
      metric,
      columns.map((column) => column?.[cell]),
    ),
  );
}
