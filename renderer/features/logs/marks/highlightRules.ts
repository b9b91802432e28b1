import type { LogTerm } from '#shared/logs/LogQuery.ts';
import type { MarkedRange } from '../highlightSpans.ts';
import { findRanges, type TextRange } from '../search/findRanges.ts';

export const RULE_COLOURS = ['amber', 'green', 'blue', 'violet', 'rose', 'teal'] as const;
export type RuleColour = (typeof RULE_COLOURS)[number];

/** What the reader wants to see at a glance. */
export interface HighlightRule {
  id: string;
  term: LogTerm;
  colour: RuleColour;
  /** Colours the whole line instead of the places found. */
  wholeLine: boolean;
}

/** How a line's text is to be marked: a colour for all of it, and ranges in order that do not overlap. */
export interface LineMarks {
  line: RuleColour | null;
  ranges: MarkedRange[];
}

/** The mark of what is searched for. */
export const MATCH = 'match';

/** Marks a line's plain text. What is searched for lies above rules, earlier rules above later ones. */
export function markLine(text: string, term: LogTerm | null, rules: readonly HighlightRule[]): LineMarks {
  const found: MarkedRange[] = term ? findRanges(text, term).map((range) => ({ ...range, mark: MATCH })) : [];
  let line: RuleColour | null = null;
  for (const rule of rules) {
    const ranges = findRanges(text, rule.term);
    if (rule.wholeLine) {
      if (ranges.length > 0) line ??= rule.colour;
    } else {
      for (const range of ranges)
        if (!found.some((other) => overlaps(range, other))) found.push({ ...range, mark: rule.colour });
    }
  }
  return { line, ranges: found.sort((left, right) => left.from - right.from) };
}

function overlaps(left: TextRange, right: TextRange): boolean {
  return left.from < right.to && right.from < left.to;
}
