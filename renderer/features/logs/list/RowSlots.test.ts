import { describe, expect, it } from 'vitest';
import { RowSlots } from './RowSlots.ts';

describe('RowSlots', () => {
  it('gives rows that came the elements of those that left, and leaves the others theirs', () => {
    const slots = new RowSlots();
    expect(slots.assign(['a', 'b', 'c'], true)).toEqual([0, 1, 2]);
    expect(slots.assign(['b', 'c', 'd'], true)).toEqual([1, 2, 0]);
    // All new: the elements stay in their places.
    expect(slots.assign(['x', 'y', 'z', 'w'], true)).toEqual([1, 2, 0, 3]);
  });

  it('gives no row the element of another one while the reader stands', () => {
    const slots = new RowSlots();
    slots.assign(['a', 'b', 'c'], true);
    expect(slots.assign(['b', 'c', 'd', 'a'], false)).toEqual([1, 2, 3, 0]);
    expect(slots.assign(['d', 'e'], false)).toEqual([3, 4]);
  });
});
