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
  const sums = new Float64Array(cells);
  const counts = new Uint32Array(cells);
  for (const column of columns) {
    if (column === undefined) continue;
    for (let cell = 0; cell < cells; cell += 1) {
      const value = column[cell];
      if (value === null || value === undefined || Number.isNaN(value)) continue;
      sums[cell] = (sums[cell] as number) + value;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  const isSum = METRIC_FACTS[metric].join === 'sum';
  return Array.from(sums, (sum, cell) => {
    const count = counts[cell] as number;
    return count === 0 ? null : isSum ? sum : sum / count;
  });
}
