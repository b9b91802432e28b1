import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import { excerptLines } from './excerptLines.ts';
import { groupDiagnostics } from './groupDiagnostics.ts';

const finding = (change: Partial<Diagnostic>): Diagnostic => ({
  id: 'd',
  code: 'c',
  severity: 'error',
  file: 'compose.yaml',
  message: '',
  explanation: '',
  fixes: [],
  ...change,
});

describe('excerptLines', () => {
  it('marks the spot in its line', () => {
    expect(
      excerptLines(finding({ excerpt: '    build:.', range: { start: 44, end: 51, line: 4, column: 5 } })),
    ).toEqual([{ line: 4, text: '    build:.', mark: { from: 4, to: 11 } }]);
  });
  it('goes on over several lines, past indentation, and never beyond a line', () => {
    const lines = excerptLines(
      finding({ excerpt: '  compose:\n    file: x\n', range: { start: 2, end: 22, line: 8, column: 3 } }),
    );
    expect(lines).toEqual([
      { line: 8, text: '  compose:', mark: { from: 2, to: 10 } },
      { line: 9, text: '    file: x', mark: { from: 4, to: 11 } },
    ]);
  });
  it('marks a place where something is missing', () => {
    const [line] = excerptLines(finding({ excerpt: 'abc', range: { start: 3, end: 3, line: 1, column: 4 } }));
    expect(line?.mark).toEqual({ from: 2, to: 3 });
  });
  it('shows nothing without an excerpt and bounds a long one', () => {
    expect(excerptLines(finding({}))).toEqual([]);
    expect(excerptLines(finding({ excerpt: 'x\n'.repeat(500) })).length).toBeLessThan(20);
  });
});

describe('groupDiagnostics', () => {
  it('puts the file with the gravest first and keeps the order of the text', () => {
    const at = (line: number) => ({ start: line * 10, end: line * 10 + 1, line, column: 1 });
    const groups = groupDiagnostics([
      finding({ id: '1', file: 'a.yaml', severity: 'warning', range: at(9) }),
      finding({ id: '2', file: 'a.yaml', severity: 'info', range: at(2) }),
      finding({ id: '3', file: 'Dockerfile', severity: 'error', range: at(1) }),
    ]);
    expect(groups.map((group) => [group.file, group.diagnostics.map(({ id }) => id)])).toEqual([
      ['Dockerfile', ['3']],
      ['a.yaml', ['2', '1']],
    ]);
  });
});
