import type { AnsiSpan } from './ansiSpans.ts';

export interface HighlightedSpan extends AnsiSpan {
  match: boolean;
}

/** Splits runs at the places where `query` (any case) stands in the whole text, also across runs. */
export function highlightSpans(spans: AnsiSpan[], query: string): HighlightedSpan[] {
  const needle = query.toLowerCase();
  if (needle === '') return spans.map((span) => ({ ...span, match: false }));
  const whole = spans
    .map((span) => span.text)
    .join('')
    .toLowerCase();
  const ranges: [number, number][] = [];
  for (let at = whole.indexOf(needle); at !== -1; at = whole.indexOf(needle, at + needle.length)) {
    ranges.push([at, at + needle.length]);
  }
  const result: HighlightedSpan[] = [];
  let offset = 0;
  let next = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    let at = offset;
    while (at < end) {
      const range = ranges[next];
      if (!range || range[0] >= end) {
        result.push({ ...span, text: span.text.slice(at - offset), match: false });
        at = end;
      } else if (range[0] > at) {
        result.push({ ...span, text: span.text.slice(at - offset, range[0] - offset), match: false });
        at = range[0];
      } else {
        const stop = Math.min(range[1], end);
        result.push({ ...span, text: span.text.slice(at - offset, stop - offset), match: true });
        at = stop;
        if (range[1] <= end) next += 1;
      }
    }
    offset = end;
  }
  return result;
}
