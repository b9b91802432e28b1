import { describe, expect, it } from 'vitest';
import {
  clampPlace,
  endPlace,
  fractionOf,
  isAtEnd,
  movePlace,
  placeAtFraction,
  ROW_PX,
  thumbOf,
} from './rowGeometry.ts';

const TOTAL = 12_345_678;

describe('rowGeometry', () => {
  it('moves by single pixels and by all of twelve million rows', () => {
    expect(movePlace({ row: 5, offset: 3 }, 20, TOTAL)).toEqual({ row: 6, offset: 5 });
    expect(movePlace({ row: 5, offset: 3 }, -100, TOTAL)).toEqual({ row: 0, offset: 0 });
    const far = movePlace({ row: 0, offset: 0 }, (TOTAL - 1) * ROW_PX + 1, TOTAL);
    expect(far).toEqual({ row: TOTAL - 1, offset: 1 });
    expect(movePlace(far, -1, TOTAL)).toEqual({ row: TOTAL - 1, offset: 0 });
  });

  it('walks over rows of measured heights, and never past the first or last', () => {
    const heights = (row: number) => (row === 2 ? 54 : 18);
    expect(movePlace({ row: 1, offset: 0 }, 40, 10, heights)).toEqual({ row: 2, offset: 22 });
    expect(movePlace({ row: 3, offset: 0 }, -50, 10, heights)).toEqual({ row: 2, offset: 4 });
    expect(movePlace({ row: 0, offset: 4 }, -50, 10, heights)).toEqual({ row: 0, offset: 0 });
    expect(movePlace({ row: 8, offset: 0 }, 900, 10, heights).row).toBe(9);
  });

  it('knows the end', () => {
    const end = endPlace(TOTAL, 400);
    expect(end.row * ROW_PX + end.offset).toBe(TOTAL * ROW_PX - 400);
    expect(isAtEnd(end, TOTAL, 400)).toBe(true);
    expect(isAtEnd(movePlace(end, -ROW_PX, TOTAL), TOTAL, 400)).toBe(false);
    expect(clampPlace({ row: TOTAL, offset: 0 }, TOTAL, 400)).toEqual(end);
    expect(endPlace(3, 400)).toEqual({ row: 0, offset: 0 });
  });

  it('turns a scroll bar into rows and back, for twelve million of them', () => {
    expect(placeAtFraction(0, TOTAL, 400)).toEqual({ row: 0, offset: 0 });
    expect(placeAtFraction(1, TOTAL, 400)).toEqual(endPlace(TOTAL, 400));
    for (const fraction of [0.1, 0.25, 0.5, 0.75, 0.999]) {
      const place = placeAtFraction(fraction, TOTAL, 400);
      expect(place.row / TOTAL).toBeCloseTo(fraction, 4);
      expect(fractionOf(place, TOTAL, 400)).toBeCloseTo(fraction, 6);
    }
    expect(fractionOf({ row: 0, offset: 0 }, 3, 400)).toBe(0);
  });

  it('has a thumb that can be grasped, and none where all is in sight', () => {
    const thumb = thumbOf({ fraction: 1, total: TOTAL, viewportPx: 400, trackPx: 400 });
    expect(thumb).toEqual({ top: 376, size: 24 });
    expect(thumbOf({ fraction: 0, total: 3, viewportPx: 400, trackPx: 400 }).size).toBe(400);
  });
});
