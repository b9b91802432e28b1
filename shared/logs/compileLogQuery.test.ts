import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlotillaError } from '../contract/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../domain/LogLine.ts';
import { compileLogQuery, type QueriedLine } from './compileLogQuery.ts';
import type { LogFieldTest, LogQuery } from './LogQuery.ts';

type Given = Partial<Omit<QueriedLine, 'text' | 'level'>> & { text?: string; level?: LogLevel };

function passes(query: LogQuery, { text = 'text', level = 'none', ...rest }: Given = {}): boolean {
  return compileLogQuery(query).test({
    kind: 'stdout',
    worker: 'solver-1',
    service: 'solver',
    timeMs: 1000,
    continuation: false,
    level: LOG_LEVELS.indexOf(level),
    text: () => text,
    ...rest,
  });
}

const fieldTest = (field: string, operator: LogFieldTest['operator'], value: string): LogQuery => ({
  fields: [{ field, operator, value }],
});

describe('compileLogQuery', () => {
  it('passes everything when nothing is asked, without looking at the text', () => {
    const { needsText, literal, test } = compileLogQuery({ include: [], exclude: [], fields: [] });
    expect(needsText).toBe(false);
    expect(literal).toBeUndefined();
    const line: QueriedLine = {
      kind: 'notice',
      worker: 'a-1',
      service: 'a',
      level: 0,
      timeMs: 0,
      continuation: true,
      text: () => {
        throw new Error('not needed');
      },
    };
    expect(test(line)).toBe(true);
    // What the head tells is asked first.
    expect(
      compileLogQuery({ workers: ['b-1'], include: [{ text: 'x' }] }).test({ ...line, kind: 'stdout' }),
    ).toBe(false);
  });

  it.each<[string, LogQuery, Given, Given]>([
    ['workers', { workers: ['a-1'] }, { worker: 'a-1' }, { worker: 'a-2' }],
    ['hidden workers', { hiddenWorkers: ['a-1'] }, { worker: 'a-2' }, { worker: 'a-1' }],
    ['services', { services: ['a'] }, { service: 'a' }, { service: 'b' }],
    ['levels', { levels: ['warn', 'none'] }, { level: 'warn' }, { level: 'error' }],
    ['level none', { levels: ['warn', 'none'] }, { level: 'none' }, { level: 'info' }],
    ['stream', { stream: 'stderr' }, { kind: 'stderr' }, { kind: 'stdout' }],
    ['from', { fromMs: 10 }, { timeMs: 10 }, { timeMs: 9.999 }],
    ['to', { toMs: 10 }, { timeMs: 9.999 }, { timeMs: 10 }],
    ['folding', { foldTraces: true }, { continuation: false }, { continuation: true }],
  ])('%s', (_name, query, passing, failing) => {
    expect(passes(query, passing)).toBe(true);
    expect(passes(query, failing)).toBe(false);
  });

  it('an empty list of what to show shows nothing', () => {
    expect(passes({ workers: [] })).toBe(false);
    expect(passes({ services: [] })).toBe(false);
    expect(passes({ levels: [] })).toBe(false);
  });

  it('needs every term and none of the excluded', () => {
    const query: LogQuery = {
      include: [{ text: 'a' }, { text: 'b' }],
      exclude: [{ text: 'c' }, { text: 'd' }],
    };
    expect(passes(query, { text: 'ba' })).toBe(true);
    expect(passes(query, { text: 'a' })).toBe(false);
    expect(passes(query, { text: 'abd' })).toBe(false);
    expect(passes(query, { text: 'abc' })).toBe(false);
  });

  it.each([
    ['Error', false, 'an eRRoR', true],
    ['Error', true, 'an error', false],
    ['Error', true, 'an Error', true],
    ['größe', false, 'GRÖSSE GRÖßE', true],
    ['ÉTÉ', false, 'été', true],
    ['ÉTÉ', true, 'été', false],
    ['𐐀', false, '𐐨', true],
    ['a.c', false, 'abc', false],
    ['(x)[1]*+?^$|{}\\/', false, '…(X)[1]*+?^$|{}\\/…', true],
    ['red error', false, 'red \u001b[31merr\u001b[0mor', true],
    ['[31m', false, '\u001b[31mred', false],
    ['k', false, '\u212a', false],
  ])('the term %j (case: %s) in %j: %s', (text, matchCase, line, isFound) => {
    expect(passes({ include: [{ text, matchCase }] }, { text: line })).toBe(isFound);
    expect(passes({ exclude: [{ text, matchCase }] }, { text: line })).toBe(!isFound);
  });

  it.each([
    ['^step \\d+$', false, 'STEP 12', true],
    ['^step \\d+$', true, 'STEP 12', false],
    ['^.$', false, '😀', true],
    ['\\p{Lu}', true, 'aÉ', true],
    // Valid without `u` only.
    ['a\\-b', false, 'A-B', true],
    ['x{', false, 'x{', true],
    ['^red', false, '\u001b[31mred', true],
  ])('the expression %j (case: %s) in %j: %s', (text, matchCase, line, isFound) => {
    expect(passes({ include: [{ text, regex: true, matchCase }] }, { text: line })).toBe(isFound);
    // Asked again it answers the same.
    expect(passes({ include: [{ text, regex: true, matchCase }] }, { text: line })).toBe(isFound);
  });

  it('names an expression that is none, and why', () => {
    let thrown: unknown;
    try {
      compileLogQuery({ exclude: [{ text: 'solver (', regex: true }] });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(FlotillaError);
    const error = thrown as FlotillaError;
    expect(error.code).toBe('invalid-input');
    expect(error.message).toBe('“solver (” is no regular expression: Unterminated group.');
    expect(error.hint).toContain('backslash');
  });

  it.each<[string, LogFieldTest['operator'], string, string, boolean]>([
    ['rank', '=', '3', 'rank=3', true],
    ['rank', '=', '3.0', 'rank=3', true],
    ['rank', '=', '4', 'rank=3', false],
    ['rank', '!=', '3', 'rank=3.0', false],
    ['rank', '!=', '3', 'rank=4', true],
    ['rank', '!=', '3', 'none', true],
    ['step', '>=', '10', 'step=9', false],
    ['step', '>=', '10', 'step=10', true],
    ['step', '>', '10', 'step=10', false],
    ['step', '<=', '10', 'step=10', true],
    ['step', '<', '10', 'step=10', false],
    ['loss', '<', '1e-1', 'loss=0.05', true],
    ['loss', '<', '0.1', 'loss=nan', false],
    ['loss', '>', '0.1', 'loss=nan', false],
    ['loss', '=', 'nan', 'loss=nan', true],
    ['loss', '!=', '0.1', 'loss=nan', true],
    ['n', '>', '5', 'n="10"', true],
    ['day', '>=', '2026-11-24', 'day=2026-11-25', true],
    ['day', '<', '2026-11-24', 'day=2026-11-25', false],
    ['msg', '~', 'OUT OF', '{"msg":"ran out of memory"}', true],
    ['msg', '~', 'out', 'msg=in', false],
    ['rank', '~', '1', 'rank=213', true],
    ['rank', '~', '', 'other=1', false],
    ['ok', '=', 'true', '{"ok":true}', true],
    ['ok', '=', 'null', '{"ok":null}', true],
    ['a.b', '=', '1', '{"a":{"b":1}}', true],
    ['status', '=', 'Done', 'status=done', false],
    ['rank', '=', '3', '\u001b[36mrank=\u001b[0m3', true],
    ['rank', '<', '9', 'none', false],
    ['rank', '<=', '9', 'none', false],
    ['rank', '>', '-9', 'none', false],
    ['rank', '>=', '-9', 'none', false],
    ['rank', '=', '', 'none', false],
  ])('%s %s %s of %j: %s', (field, operator, value, text, isFound) => {
    expect(passes(fieldTest(field, operator, value), { text })).toBe(isFound);
  });

  it('shows notices unless something excludes them', () => {
    const notice: Given = { kind: 'notice', text: 'x rank=3', level: 'none' };
    expect(passes({ hiddenWorkers: ['b-1'], foldTraces: true, fromMs: 0 }, notice)).toBe(true);
    expect(passes({ workers: ['b-1'] }, notice)).toBe(false);
    expect(passes({ services: ['b'] }, notice)).toBe(false);
    expect(passes({ fromMs: 5000 }, notice)).toBe(false);
    for (const query of [
      { include: [{ text: 'x' }] },
      { exclude: [{ text: 'y' }] },
      fieldTest('rank', '=', '3'),
      { levels: ['none' as const] },
      { stream: 'stdout' as const },
      { hideNotices: true },
    ])
      expect(passes(query, notice), JSON.stringify(query)).toBe(false);
  });

  it('gives the longest ASCII term for looking at bytes', () => {
    const literal = (...include: NonNullable<LogQuery['include']>) => compileLogQuery({ include }).literal;
    expect(literal({ text: 'ab' }, { text: 'Abc', matchCase: true }, { text: 'ééééé' })).toEqual({
      text: 'Abc',
      matchCase: true,
    });
    expect(literal({ text: 'long expression', regex: true }, { text: 'é' })).toBeUndefined();
    expect(literal({ text: 'a' }, { text: 'b', matchCase: true })).toEqual({ text: 'a', matchCase: false });
    expect(compileLogQuery({ exclude: [{ text: 'x' }] }).literal).toBeUndefined();
  });

  it('no line without escapes passes that lacks the literal in its bytes', () => {
    const text = fc.string({
      unit: fc.constantFrom('k', 'K', '\u212a', 'i', 'I', 'İ', 'ı', 's', 'S', 'ſ', 'ß', 'e'),
    });
    fc.assert(
      fc.property(
        fc.array(
          text.filter((each) => each !== ''),
          { maxLength: 3 },
        ),
        text,
        (terms, line) => {
          const { literal, test } = compileLogQuery({ include: terms.map((term) => ({ text: term })) });
          if (literal === undefined) return;
          const lowered = line.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
          const isThere = lowered.includes(literal.text.toLowerCase());
          const base = {
            kind: 'stdout',
            worker: '',
            service: '',
            level: 0,
            timeMs: 0,
            continuation: false,
          } as const;
          if (test({ ...base, text: () => line })) expect(isThere).toBe(true);
          if (terms.length === 1) expect(test({ ...base, text: () => line })).toBe(isThere);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
