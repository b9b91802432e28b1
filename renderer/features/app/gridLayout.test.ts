import { describe, expect, it } from 'vitest';
import { layOutGrid, neighbour, rowsBetween } from './gridLayout.ts';

const measures = { width: 500, tileMinWidth: 100, tileHeight: 40, gap: 5, headerHeight: 20, groupGap: 10 };

describe('layOutGrid', () => {
  it('places groups, rows and tiles without overlap', () => {
    const layout = layOutGrid([1, 9], measures);
    expect(layout.columns).toBe(4);
    const tiles = layout.rows.filter((row) => row.kind === 'tiles');
    expect(tiles.map((row) => [row.group, row.first, row.end])).toEqual([
      [0, 0, 1],
      [1, 0, 4],
      [1, 4, 8],
      [1, 8, 9],
    ]);
    for (let at = 1; at < layout.rows.length; at += 1) {
      const above = layout.rows[at - 1];
      expect(layout.rows[at]?.top).toBeGreaterThanOrEqual((above?.top ?? 0) + (above?.height ?? 0));
    }
  });
  it('draws of thousands only what is in sight', () => {
    const layout = layOutGrid([5000], measures);
    const rows = rowsBetween(layout, 20_000, 20_600);
    expect(rows.length).toBeLessThan(17);
    expect(rows[0]?.top).toBeLessThanOrEqual(20_000);
    expect((rows[rows.length - 1]?.top ?? 0) + 45).toBeGreaterThanOrEqual(20_600);
  });
  it('has one column where there is hardly room', () => {
    expect(layOutGrid([3], { ...measures, width: 40 }).columns).toBe(1);
  });
});

describe('neighbour', () => {
  const sizes = [1, 0, 9];
  it.each([
    ['ArrowRight', { group: 0, index: 0 }, { group: 2, index: 0 }],
    ['ArrowLeft', { group: 2, index: 0 }, { group: 0, index: 0 }],
    ['ArrowLeft', { group: 0, index: 0 }, null],
    ['ArrowDown', { group: 2, index: 3 }, { group: 2, index: 7 }],
    ['ArrowDown', { group: 2, index: 7 }, { group: 2, index: 8 }],
    ['ArrowDown', { group: 2, index: 8 }, null],
    ['ArrowUp', { group: 2, index: 6 }, { group: 2, index: 2 }],
    ['ArrowUp', { group: 2, index: 2 }, { group: 0, index: 0 }],
    ['End', { group: 2, index: 2 }, { group: 2, index: 8 }],
    ['x', { group: 2, index: 2 }, null],
  ])('%s from %j is %j', (key, from, to) => {
    expect(neighbour(sizes, 4, from, key)).toEqual(to);
  });
});
