import type { AnsiSpan } from './ansiSpans.ts';

/** A stretch of a line's plain text to draw in a look: a search match or a highlight rule's colour. */
export interface MarkedRange {
  from: number;
  to: number;
  mark: string;
}

export interface HighlightedSpan extends AnsiSpan {
  /** Look of the range it lies in. */
  mark?: string;
}

/** Splits runs at the borders of ranges (in order, not overlapping), also across runs. */
export function highlightSpans(spans: AnsiSpan[], ranges: readonly MarkedRange[]): HighlightedSpan[] {
  if (ranges.length === 0) return spans;
  const result: HighlightedSpan[] = [];
  let offset = 0;
  let next = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    let at = offset;
    while (at < end) {
      const range = ranges[next];
      if (!range || range.from >= end) {
        result.push({ ...span, text: span.text.slice(at - offset) });
        at = end;
      } else if (range.from > at) {
        result.push({ ...span, text: span.text.slice(at - offset, range.from - offset) });
        at = range.from;
      } else {
        const stop = Math.min(range.to, end);
        result.push({ ...span, text: span.text.slice(at - offset, stop - offset), mark: range.mark });
        at = stop;
        if (range.to <= end) next += 1;
      }
    }
    offset = end;
  }
  return result;
}
