import type { Grid } from '#shared/metrics/HistoryGrid.ts';
import type { Span } from './MetricsFeed.ts';

/** Nothing is measured finer than by the second. */
const SHORTEST_MS = 5_000;

/** The stretch of time that a history covers. */
export const spanOf = ({ fromMs, stepMs, cells }: Grid): Span => ({
  fromMs,
  toMs: fromMs + cells * stepMs,
});

/** A part of a stretch around a moment, or more than it with a factor above 1. */
export function zoomed({ fromMs, toMs }: Span, aroundMs: number, factor: number): Span {
  const length = Math.max(SHORTEST_MS, (toMs - fromMs) * factor);
  const share = Math.min(1, Math.max(0, (aroundMs - fromMs) / (toMs - fromMs)));
  const begin = Math.max(0, aroundMs - share * length);
  return { fromMs: Math.floor(begin), toMs: Math.ceil(begin + length) };
}

/** The stretch moved by a share of its length. */
export function panned({ fromMs, toMs }: Span, share: number): Span {
  const by = Math.max(-fromMs, Math.round((toMs - fromMs) * share));
  return { fromMs: fromMs + by, toMs: toMs + by };
}

/** Which cell a moment falls into; null where it is outside. */
export function cellAt({ fromMs, stepMs, cells }: Grid, timeMs: number): number | null {
  const cell = Math.floor((timeMs - fromMs) / stepMs);
  return cell >= 0 && cell < cells ? cell : null;
}

/** Middle of a cell. */
export const timeOfCell = ({ fromMs, stepMs }: Grid, cell: number): number => fromMs + (cell + 0.5) * stepMs;

/** The newest value that is known, or that at a moment. */
export function valueAt(
  grid: Grid,
  values: readonly (number | null)[] | undefined,
  timeMs: number | null,
): number | null {
  if (values === undefined) return null;
  if (timeMs !== null) {
    const cell = cellAt(grid, timeMs);
    return cell === null ? null : (values[cell] ?? null);
  }
  // What came to its end more than a few cells ago has no present value.
  for (let cell = values.length - 1; cell >= Math.max(0, values.length - 5); cell -= 1) {
    const value = values[cell];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
