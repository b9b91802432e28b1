import type { Metric, MetricsHistory } from '#shared/domain/Metrics.ts';
import type { Span } from './MetricsFeed.ts';

type Columns = Partial<Record<Metric, (number | null)[]>>;

/** The cells of a history that lie in a span, one at least; all of them for none. */
export function cutHistory(history: MetricsHistory, span: Span | null): MetricsHistory {
  if (span === null || history.cells === 0) return history;
  const { fromMs, stepMs, cells } = history;
  const cellAt = (timeMs: number): number => Math.floor((timeMs - fromMs) / stepMs);
  const first = Math.max(0, Math.min(cells - 1, cellAt(span.fromMs)));
  const end = Math.max(first + 1, Math.min(cells, cellAt(span.toMs) + 1));
  const cut = (columns: Columns): Columns =>
    Object.fromEntries(Object.entries(columns).map(([metric, values]) => [metric, values.slice(first, end)]));
  return {
    fromMs: fromMs + first * stepMs,
    stepMs,
    cells: end - first,
    workers: history.workers.map((worker) => ({
      ...worker,
      means: cut(worker.means),
      peaks: cut(worker.peaks),
    })),
  };
}
