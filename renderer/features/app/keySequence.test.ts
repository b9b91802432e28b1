import { describe, expect, it, vi } from 'vitest';
import type { AppAction } from './appActions.ts';
import { nextPress } from './keySequence.ts';

const action = (id: string, keys: string, enabled = true): AppAction => ({
  id,
  title: id,
  keys,
  enabled,
  run: vi.fn<() => void>(),
});
const actions = [
  action('run', 'r'),
  action('up', 'plus'),
  action('follow', 'g t'),
  action('off', 's', false),
];
const press = (...keys: string[]) => {
  let pending: string[] = [];
  let found: string | undefined;
  for (const key of keys) {
    const next = nextPress(actions, pending, key);
    pending = next.pending;
    found = next.action?.id;
  }
  return found;
};

describe('nextPress', () => {
  it.each([
    [['r'], 'run'],
    [['R'], 'run'],
    [['+'], 'up'],
    [['='], 'up'],
    [['g', 't'], 'follow'],
    [['g', 'r'], 'run'],
    [['g', 'x', 't'], undefined],
    [['t'], undefined],
    [['s'], undefined],
  ])('%j runs %j', (keys, id) => {
    expect(press(...keys)).toBe(id);
  });
});
