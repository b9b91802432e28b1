import { describe, expect, it } from 'vitest';
import { FOLLOWING, type FollowEvent, nextFollowState } from './followState.ts';

const run = (...events: FollowEvent[]) => events.reduce(nextFollowState, FOLLOWING);

describe('nextFollowState', () => {
  it('un-sticks on the way up and counts what is missed', () => {
    expect(run({ type: 'moved-away' }, { type: 'appended', rows: 3 }, { type: 'appended', rows: 4 })).toEqual(
      { following: false, missed: 7 },
    );
  });
  it('does not count while following', () => {
    expect(run({ type: 'appended', rows: 3 })).toBe(FOLLOWING);
  });
  it('sticks again at the end, and not before', () => {
    expect(run({ type: 'moved-away' }, { type: 'scrolled', atEnd: false }).following).toBe(false);
    expect(
      run({ type: 'moved-away' }, { type: 'appended', rows: 9 }, { type: 'scrolled', atEnd: true }),
    ).toEqual(FOLLOWING);
  });
  it('jumps, toggles, and forgets what is missed when emptied', () => {
    expect(run({ type: 'moved-away' }, { type: 'jumped-to-end' })).toEqual(FOLLOWING);
    expect(run({ type: 'toggled' }).following).toBe(false);
    expect(run({ type: 'toggled' }, { type: 'toggled' })).toEqual(FOLLOWING);
    expect(run({ type: 'toggled' }, { type: 'appended', rows: 5 }, { type: 'emptied' })).toEqual({
      following: false,
      missed: 0,
    });
  });
});
