import type { MetricsHistory } from '#shared/domain/Metrics.ts';
import type { CursorStore } from './CursorStore.ts';
import type { Span } from './MetricsFeed.ts';
import { cellAt, panned, spanOf, timeOfCell, zoomed } from './timeSpans.ts';

const FAR = 10;

/**
 * What a key does to a chart: arrows move the cursor by a cell (with Shift by ten), Home and End to the ends, `+` and `−` zoom around it, Page
 * Up and Page Down move the stretch, Escape and `0` go back. False for any other.
 */
export function chartKey(
  event: { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  history: MetricsHistory,
  cursor: CursorStore,
  onZoom: (span: Span | null) => void,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || history.cells === 0) return false;
  const timeMs = cursor.get();
  const cell = timeMs === null ? null : cellAt(history, timeMs);
  const moveTo = (next: number): void =>
    cursor.set(timeOfCell(history, Math.max(0, Math.min(history.cells - 1, next))));
  const step = event.shiftKey ? FAR : 1;
  const span = spanOf(history);
  switch (event.key) {
    case 'ArrowLeft':
      moveTo((cell ?? history.cells) - step);
      return true;
    case 'ArrowRight':
      moveTo((cell ?? -1) + step);
      return true;
    case 'Home':
      moveTo(0);
      return true;
    case 'End':
      moveTo(history.cells - 1);
      return true;
    case '+':
    case '=':
      onZoom(zoomed(span, timeMs ?? span.toMs, 0.5));
      return true;
    case '-':
    case '−':
      onZoom(zoomed(span, timeMs ?? span.toMs, 2));
      return true;
    case 'PageUp':
      onZoom(panned(span, -0.5));
      return true;
    case 'PageDown':
      onZoom(panned(span, 0.5));
      return true;
    case '0':
      onZoom(null);
      return true;
    case 'Escape':
      if (timeMs === null) onZoom(null);
      else cursor.set(null);
      return true;
    default:
      return false;
  }
}
