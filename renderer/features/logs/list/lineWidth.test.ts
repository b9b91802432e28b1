import { describe, expect, it } from 'vitest';
import { fakeRow } from '../testing/FakeLog.ts';
import { LineWidth, textColumns } from './lineWidth.ts';
import type { RowLook } from './RowLook.ts';

const LOOK: RowLook = {
  timeMode: 'off',
  wrap: false,
  zero: null,
  term: null,
  rules: [],
  columns: [],
  hues: {},
};
const characters = (css: string) => Number(/(\d+)ch/.exec(css)?.[1]);

describe('textColumns', () => {
  it('counts what a monospaced font takes, and two for what it does not have', () => {
    expect(textColumns('plain text')).toBe(10);
    expect(textColumns('épée █▌→')).toBe(8);
    expect(textColumns('日本')).toBe(4);
    expect(textColumns('🚀')).toBe(2);
    expect(textColumns('a\tb')).toBe(9);
  });
});

describe('LineWidth', () => {
  it('is that of the longest line, without colours, and only grows', () => {
    const width = new LineWidth();
    const query = {};
    expect(characters(width.of([fakeRow(0, 'short')], LOOK, query))).toBe(24);
    const long = fakeRow(1, `\u001b[31m${'x'.repeat(100)}\u001b[0m`);
    expect(characters(width.of([long], LOOK, query))).toBe(120);
    expect(characters(width.of([fakeRow(0, 'short')], LOOK, query))).toBe(120);
    expect(characters(width.of([fakeRow(0, 'short')], LOOK, {}))).toBe(24);
  });

  it('makes room for times, columns and what stands after a line', () => {
    const width = new LineWidth();
    const row = fakeRow(0, 'x'.repeat(26), { continued: 12, fullLength: 5000 });
    const before = characters(width.of([row], LOOK, 1));
    const columns = [{ field: 'loss', width: 10, numeric: true }];
    expect(characters(width.of([row], { ...LOOK, columns, timeMode: 'utc' }, 1))).toBeGreaterThanOrEqual(
      before + 24,
    );
    expect(before).toBeGreaterThanOrEqual(14 + 26 + 6 + 26);
  });
});
