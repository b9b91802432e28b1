import dockerignore from '@balena/dockerignore';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BuildProblem } from './BuildProblem.ts';
import { IgnoreRules } from './ignoreRules.ts';

const ignored = (rules: string, path: string): boolean =>
  IgnoreRules.parse(rules, '.dockerignore').judgeDeep(path).ignored;

function failureOf(rules: string): BuildProblem['failure'] {
  try {
    IgnoreRules.parse(rules, '.dockerignore');
  } catch (error) {
    if (error instanceof BuildProblem) return error.failure;
  }
  throw new Error('no BuildProblem');
}

describe('IgnoreRules', () => {
  it.each([
    ['*.pyc', 'a.pyc', true],
    ['*.pyc', 'sub/a.pyc', false],
    ['**/*.pyc', 'a.pyc', true],
    ['**/*.pyc', 'x/y/a.pyc', true],
    ['data', 'data/deep/file', true],
    ['/data', 'data/file', true],
    ['data/', 'data/file', true],
    ['./data/../data', 'data', true],
    ['data/**', 'data', false],
    ['data/**', 'data/x', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['*\n!keep', 'keep', false],
    ['*\n!keep', 'other', true],
    ['*\n!keep\nkeep', 'keep', true],
    ['data\n!data/keep.txt', 'data/keep.txt', false],
    ['data\n!data/keep.txt', 'data/other.txt', true],
    ['# comment\r\nb\r\n', 'b', true],
    ['# comment', '# comment', false],
    [' #b', '#b', true],
    ['\uFEFFb', 'b', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['Data', 'data', false],
    ['../x', 'x', false],
    ['a.b', 'axb', false],
    // Each of these breaks @balena/dockerignore: its result cache, and its unescaped regular expression.
    ['constructor', 'constructor', true],
    ['__proto__', '__proto__', true],
    ['c++', 'c++', true],
    ['a(1).txt', 'a(1).txt', true],
    ['x|y', 'x', false],
  ])('%j on %j: ignored %s', (rules, path, expected) => {
    expect(ignored(rules, path)).toBe(expected);
  });

  it.each([
    ['ok\n[', 2, '`[` is not valid'],
    ['[]a]', 1, '`[]a]` is not valid'],
    ['[a-]', 1, '`[a-]` is not valid'],
    ['a\\', 1, '`a\\` is not valid'],
    ['\n\n!', 3, '`!` stands alone'],
    ['*\n!/', 2, '`!` stands alone'],
    ['[z-a]', 1, '`[z-a]` is not valid'],
    ['\\q', 1, '`\\q` is not valid'],
    [`ok\n${'x'.repeat(65_536)}`, 2, 'longer than 64 KiB'],
  ])('names the line of the bad pattern in %j', (rules, line, message) => {
    const failure = failureOf(rules);
    expect(failure.message).toContain(`.dockerignore:${line}: `);
    expect(failure.message).toContain(message);
    expect(failure).toMatchObject({ file: '.dockerignore', line });
    if (rules.length < 100) expect(failure.excerpt?.map((row) => row.line)).toContain(line);
  });

  it('takes a file of a megabyte', () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `folder-${at}/sub*`);
    const rules = IgnoreRules.parse(lines.join('\n'), '.dockerignore');
    expect(rules.judge('folder-49999/subject', undefined)).toMatchObject({ ignored: true, line: 50_000 });
    expect(rules.judge('folder-x/subject', undefined).ignored).toBe(false);
  });

  it('says which line decided', () => {
    expect(IgnoreRules.parse('a\n*.txt\n', '.dockerignore').judgeDeep('b.txt').line).toBe(2);
  });

  it.each([
    ['*', 'sub', false],
    ['*\n!sub/keep', 'sub', true],
    ['*\n!sub/keep', 'other', false],
    ['*\n!sub/*/keep', 'sub/any', true],
    ['*\n!**/keep', 'any', true],
    ['*\n!sub', 'sub/deeper', false],
    ['*\n!sub/**', 'sub', true],
    ['*\n!sub/**', 'other', false],
    ['*\n!s[u]b/keep', 'sub', true],
  ])('%j: folder %j may hold something taken back: %s', (rules, folder, expected) => {
    expect(IgnoreRules.parse(rules, '.dockerignore').mayTakeBackBelow(folder)).toBe(expected);
  });

  // Where rules take back what others leave out, and for `**` beside other characters, it decides unlike Docker.
  it('agrees with @balena/dockerignore where that one is right', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'a.b', 'B');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const piece = fc.constantFrom('a', 'b', 'ab', 'a.b', '*', '?', 'a*', '**', '[ab]');
    const rule = fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), path, (rules, path) => {
        const theirs = dockerignore({ ignorecase: false }).add(rules).ignores(path);
        expect(ignored(rules.join('\n'), path)).toBe(theirs);
      }),
      { numRuns: 2_000 },
    );
  });
});
