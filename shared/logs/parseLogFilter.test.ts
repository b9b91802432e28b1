import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logQuerySchema } from '../contract/logs.ts';
import { LOG_LEVELS } from '../domain/LogLine.ts';
import { compileLogQuery } from './compileLogQuery.ts';
import { FIELD_OPERATORS, type LogQuery } from './LogQuery.ts';
import { formatLogFilter, parseLogFilter } from './parseLogFilter.ts';

const text = (...texts: string[]): LogQuery => ({ include: texts.map((each) => ({ text: each })) });

describe('parseLogFilter', () => {
  it.each<[string, LogQuery]>([
    ['', {}],
    ['  ', {}],
    ['word', text('word')],
    [' two\twords ', text('two', 'words')],
    ['"two words"', text('two words')],
    [String.raw`"say \"hi\" \\ C:\dir"`, text(String.raw`say "hi" \ C:\dir`)],
    ['"Case"c "x"cy', { include: [{ text: 'Case', matchCase: true }, { text: 'x' }, { text: 'cy' }] }],
    ['it"s', text('it"s')],
    ['-word -"two words"', { exclude: [{ text: 'word' }, { text: 'two words' }] }],
    ['- --flag a-b', { include: [{ text: '-' }, { text: 'a-b' }], exclude: [{ text: '-flag' }] }],
    ['/a b+/', { include: [{ text: 'a b+', regex: true }] }],
    ['/A/c', { include: [{ text: 'A', regex: true, matchCase: true }] }],
    [String.raw`/a\/b\d/ x`, { include: [{ text: String.raw`a/b\d`, regex: true }, { text: 'x' }] }],
    ['/usr/bin/ x', { include: [{ text: 'usr/bin', regex: true }, { text: 'x' }] }],
    ['-/x y/', { exclude: [{ text: 'x y', regex: true }] }],
    [
      'rank=3 loss<0.1 step>=10 msg~oops status!=200 a.b<=1 c-d>2',
      {
        fields: [
          { field: 'rank', operator: '=', value: '3' },
          { field: 'loss', operator: '<', value: '0.1' },
          { field: 'step', operator: '>=', value: '10' },
          { field: 'msg', operator: '~', value: 'oops' },
          { field: 'status', operator: '!=', value: '200' },
          { field: 'a.b', operator: '<=', value: '1' },
          { field: 'c-d', operator: '>', value: '2' },
        ],
      },
    ],
    [
      'msg~"out of" e=""',
      {
        fields: [
          { field: 'msg', operator: '~', value: 'out of' },
          { field: 'e', operator: '=', value: '' },
        ],
      },
    ],
    [
      '-rank=3 -ok!=1',
      {
        fields: [
          { field: 'rank', operator: '!=', value: '3' },
          { field: 'ok', operator: '=', value: '1' },
        ],
      },
    ],
    ['"a=b" a==b x=>y p->q rank= 1a=2 a>>b', text('a=b', 'a==b', 'x=>y', 'p->q', 'rank=', '1a=2', 'a>>b')],
    ['level:warn', { levels: ['warn'] }],
    ['level:WARN,error', { levels: ['warn', 'error'] }],
    ['level:>=warn', { levels: ['warn', 'error', 'fatal'] }],
    ['level>=warn', { levels: ['warn', 'error', 'fatal'] }],
    ['level>warn', { levels: ['error', 'fatal'] }],
    ['level:<=debug', { levels: ['none', 'trace', 'debug'] }],
    ['level<debug', { levels: ['none', 'trace'] }],
    ['level=warn,info', { levels: ['info', 'warn'] }],
    ['level!=none', { levels: LOG_LEVELS.slice(1) }],
    ['-level:none -level:trace', { levels: LOG_LEVELS.slice(2) }],
    ['level:>=info level<error', { levels: ['info', 'warn'] }],
    ['level>=30', { fields: [{ field: 'level', operator: '>=', value: '30' }] }],
    ['level="warn"', { fields: [{ field: 'level', operator: '=', value: 'warn' }] }],
    ['level=strange', { fields: [{ field: 'level', operator: '=', value: 'strange' }] }],
    ['worker:a-1,b-2 worker:c-3,a-1', { workers: ['a-1', 'b-2', 'c-3'] }],
    ['worker:"odd, name",b', { workers: ['odd, name', 'b'] }],
    ['-worker:a-1', { hiddenWorkers: ['a-1'] }],
    ['service:a,b', { services: ['a', 'b'] }],
    ['stream:stderr', { stream: 'stderr' }],
    ['-stream:stderr stream:stdout', { stream: 'stdout' }],
    ['error: http://x.example rank:3', text('error:', 'http://x.example', 'rank:3')],
    ['größe 漢 😀', text('größe', '漢', '😀')],
  ])('%j', (filter, query) => {
    expect(parseLogFilter(filter)).toEqual({ query, problems: [] });
  });

  it.each<[string, string, RegExp, LogQuery]>([
    ['a "b c', '"b c', /not closed/, text('a', 'b c')],
    ['a -"b c', '-"b c', /not closed/, { ...text('a'), exclude: [{ text: 'b c' }] }],
    ['a /b c', '/b c', /not closed/, text('a', '/b c')],
    ['/usr/bin/python x', '/usr/bin/python x', /quotes/, text('/usr/bin/python x')],
    ['msg="a b', 'msg="a b', /not closed/, { fields: [{ field: 'msg', operator: '=', value: 'a b' }] }],
    ['"', '"', /not closed/, {}],
    ['x ""', '""', /nothing to look for/, text('x')],
    ['x // y', '//', /nothing to look for/, text('x', 'y')],
    ['x /(/ y', '/(/', /Unterminated group/, text('x', 'y')],
    [
      'x level:loud y',
      'level:loud',
      /“loud” is no level; there are none, trace, debug, info, warn, error, fatal/,
      text('x', 'y'),
    ],
    ['level>=loud', 'level>=loud', /no level/, {}],
    ['level:warn,loud', 'level:warn,loud', /“loud”/, {}],
    ['level:', 'level:', /Name a level/, {}],
    ['level:>=', 'level:>=', /no level/, {}],
    ['level:warn level:error', 'level:error', /No line/, { levels: ['warn'] }],
    ['worker: x', 'worker:', /Name a worker/, text('x')],
    ['-service:a', '-service:a', /Services cannot/, {}],
    ['stream:both', 'stream:both', /no stream/, {}],
    ['stream:stdout stream:stderr', 'stream:stderr', /both/, { stream: 'stdout' }],
    ['-loss<0.1', '-loss<0.1', /opposite/, {}],
  ])('%j: the problem is at %j', (filter, place, message, query) => {
    const parsed = parseLogFilter(filter);
    expect(parsed.query).toEqual(query);
    expect(parsed.problems).toHaveLength(1);
    const [problem] = parsed.problems;
    expect(filter.slice(problem?.from, problem?.to)).toBe(place);
    expect(problem?.message).toMatch(message);
  });

  it('keeps within the limits of a query, and says so', () => {
    for (const filter of [
      'a '.repeat(21),
      '-a '.repeat(21),
      'a=1 '.repeat(21),
      'x'.repeat(1001),
      `a=${'x'.repeat(1001)}`,
      `${'a'.repeat(201)}=1`,
      `worker:${'x'.repeat(301)}`,
      `service:${'x'.repeat(256)}`,
      `worker:${Array.from({ length: 2001 }, (_, at) => `w-${at}`).join(',')}`,
      `service:${Array.from({ length: 201 }, (_, at) => `s${at}`).join(',')}`,
    ]) {
      const { query, problems } = parseLogFilter(filter);
      expect(problems, filter.slice(0, 20)).toHaveLength(1);
      expect(logQuerySchema.safeParse(query).success).toBe(true);
    }
  });

  it('makes a good query of any text, with problems that lie in it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        ...[
          '"',
          '/',
          '-',
          ' ',
          'c',
          '\\',
          'level',
          ':',
          '>=',
          '<',
          '=',
          '!=',
          '~',
          'warn',
          'worker:',
          'service:',
        ],
        ...['stream:', 'stderr', ',', 'rank', 'a.b', '(', '[', '+', '{', 'level:'],
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const filter = pieces.join('');
        const { query, problems } = parseLogFilter(filter);
        expect(logQuerySchema.safeParse(query).success).toBe(true);
        expect(() => compileLogQuery(query)).not.toThrow();
        for (const { from, to } of problems) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(filter.length);
        }
        expect(parseLogFilter(formatLogFilter(query))).toEqual({ query, problems: [] });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('formatLogFilter', () => {
  it('writes what a person would', () => {
    expect(
      formatLogFilter({
        workers: ['a-1', 'odd name'],
        hiddenWorkers: ['b-2'],
        services: ['s'],
        levels: ['warn', 'error', 'fatal'],
        stream: 'stderr',
        fields: [
          { field: 'rank', operator: '>=', value: '3' },
          { field: 'level', operator: '>=', value: 'warn' },
          { field: 'no name', operator: '=', value: '1' },
        ],
        include: [{ text: 'plain' }, { text: 'two words' }, { text: 'a/b', regex: true, matchCase: true }],
        exclude: [{ text: '-x' }, { text: 'X', matchCase: true }],
        fromMs: 1,
        foldTraces: true,
      }),
    ).toBe(
      'worker:a-1,"odd name" -worker:b-2 service:s level:>=warn stream:stderr rank>=3 level>="warn" ' +
        'plain "two words" /a\\/b/c -"-x" -"X"c',
    );
    expect(formatLogFilter({ levels: ['error', 'info'] })).toBe('level:info,error');
    expect(formatLogFilter({ levels: ['fatal'] })).toBe('level:fatal');
    expect(formatLogFilter({})).toBe('');
  });

  it('is read again as the same query', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc
        .array(fc.constantFrom('"', '\\', '/', '-', ' ', 'a', '=', 'level:', '>', 'c', ',', 'worker:'), {
          minLength: 1,
          maxLength: 8,
        })
        .map((parts) => parts.join('')),
    );
    const matchCase = fc.constantFrom({}, { matchCase: true });
    const expressions = fc.constantFrom(
      'a b',
      'a/b',
      '^\\s+$',
      '[a-z]{2}',
      '\\\\',
      '/',
      '"',
      ' c ',
      '\\d+/c',
    );
    const term = fc.oneof(
      fc.tuple(anyText, matchCase).map(([each, extra]) => ({ text: each, ...extra })),
      fc.tuple(expressions, matchCase).map(([each, extra]) => ({ text: each, regex: true, ...extra })),
    );
    const names = fc.uniqueArray(anyText, { minLength: 1, maxLength: 4 });
    const field = fc.record({
      field: fc.constantFrom('rank', 'a.b', 'c-d', '_x', 'level', 'worker', 'stream'),
      operator: fc.constantFrom(...FIELD_OPERATORS),
      value: fc.oneof(anyText, fc.constantFrom('', '3', 'warn', 'WARN', 'two words')),
    });
    const query = fc.record(
      {
        workers: names,
        hiddenWorkers: names,
        services: names,
        levels: fc
          .subarray([...LOG_LEVELS], { minLength: 1 })
          .map((levels) => LOG_LEVELS.filter((level) => levels.includes(level))),
        stream: fc.constantFrom('stdout' as const, 'stderr' as const),
        include: fc.array(term, { minLength: 1, maxLength: 4 }),
        exclude: fc.array(term, { minLength: 1, maxLength: 4 }),
        fields: fc.array(field, { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(query, (each) => {
        expect(parseLogFilter(formatLogFilter(each))).toEqual({ query: each, problems: [] });
      }),
      { numRuns: 3000 },
    );
  });
});
