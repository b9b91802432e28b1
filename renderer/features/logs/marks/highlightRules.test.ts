import { describe, expect, it } from 'vitest';
import { readRules } from '../settings/logSettings.ts';
import { findRanges, isRiskyExpression } from '../search/findRanges.ts';
import { type HighlightRule, markLine } from './highlightRules.ts';

const rule = (text: string, change: Partial<HighlightRule> & { regex?: boolean } = {}): HighlightRule => {
  const { regex, ...rest } = change;
  return {
    id: text,
    term: { text, ...(regex ? { regex } : {}) },
    colour: 'amber',
    wholeLine: false,
    ...rest,
  };
};

describe('markLine', () => {
  it('marks all places of rules, the search above them, earlier rules above later ones', () => {
    const marks = markLine('loss 0.5 LOSS 0.4', { text: '0.5' }, [
      rule('loss'),
      rule('\\d\\.\\d', { regex: true, colour: 'blue' }),
      rule('oss 0', { colour: 'rose' }),
    ]);
    expect(marks.ranges).toEqual([
      { from: 0, to: 4, mark: 'amber' },
      { from: 5, to: 8, mark: 'match' },
      { from: 9, to: 13, mark: 'amber' },
      { from: 14, to: 17, mark: 'blue' },
    ]);
  });

  it('gives a whole line the colour of the first rule that fits', () => {
    const rules = [
      rule('none here', { wholeLine: true }),
      rule('error', { wholeLine: true, colour: 'rose' }),
      rule('e', { wholeLine: true, colour: 'teal' }),
    ];
    expect(markLine('an ERROR', null, rules)).toEqual({ line: 'rose', ranges: [] });
  });

  it('takes text as text, and survives expressions that are wrong or match nothing', () => {
    expect(findRanges('a.b a+b (x)', { text: 'a+b' })).toEqual([{ from: 4, to: 7 }]);
    expect(findRanges('a-b/c', { text: 'a-b/c' })).toEqual([{ from: 0, to: 5 }]);
    expect(findRanges('abc', { text: '(', regex: true })).toEqual([]);
    expect(findRanges('abc', { text: 'x*', regex: true })).toEqual([]);
    expect(findRanges('aAa', { text: 'A', matchCase: true })).toEqual([{ from: 1, to: 2 }]);
  });

  it('sees expressions that could take for ever', () => {
    for (const risky of ['(a+)+$', '(a|b*)*', '((ab)+)*', '(x{2,})+'])
      expect(isRiskyExpression(risky)).toBe(true);
    for (const fine of ['a+b*', '(ab)+', '\\(a+\\)+', '[(a+)]+', 'rank=\\d+'])
      expect(isRiskyExpression(fine)).toBe(false);
  });
});

describe('readRules', () => {
  it('takes back what was stored and forgets the rest', () => {
    const good = rule('x', { regex: true, wholeLine: true });
    const stored = JSON.parse(
      JSON.stringify([good, { id: 1 }, null, { ...good, colour: 'plaid' }]),
    ) as unknown;
    expect(readRules(stored)).toEqual([good]);
    expect(readRules('nonsense')).toEqual([]);
  });
});
