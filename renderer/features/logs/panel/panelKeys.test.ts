import { describe, expect, it } from 'vitest';
import { panelKey } from './panelKeys.ts';

const press = (
  key: string,
  pending: string | null = null,
  change: { shiftKey?: boolean; onList?: boolean } = {},
) => panelKey({ key, shiftKey: false, onList: true, ...change }, pending);

describe('panelKey', () => {
  it('knows single keys, with shift and without', () => {
    expect(press('n').action).toBe('nextMatch');
    expect(press('N').action).toBe('previousMatch');
    expect(press('G').action).toBe('end');
    expect(press('F3', null, { shiftKey: true }).action).toBe('previousMatch');
  });
  it('knows sequences, and what breaks them', () => {
    expect(press('g')).toEqual({ action: null, pending: 'g' });
    expect(press('g', 'g')).toEqual({ action: 'start', pending: null });
    expect(press('t', 'g')).toEqual({ action: 'end', pending: null });
    expect(press('w', 'g')).toEqual({ action: 'wrap', pending: null });
  });
  it('leaves the keys of the app page alone', () => {
    for (const key of ['r', 'b', 's', '+', '-', '7', '?'])
      expect(press(key)).toEqual({ action: null, pending: null });
  });
  it('pauses by space on the list only: on a button it presses', () => {
    expect(press(' ').action).toBe('pause');
    expect(press(' ', null, { onList: false }).action).toBeNull();
    expect(press('Enter', null, { onList: false }).action).toBeNull();
  });
});
