/** Whether the log sticks to its end, and how much came since it did not. */
export interface FollowState {
  following: boolean;
  /** Rows that came while not following. */
  missed: number;
}

export type FollowEvent =
  /** The reader moved the view towards the beginning: wheel, keys, scroll bar, selection. */
  | { type: 'moved-away' }
  /** The view came to rest; `atEnd` when the last row is in sight. */
  | { type: 'scrolled'; atEnd: boolean }
  | { type: 'appended'; rows: number }
  | { type: 'jumped-to-end' }
  | { type: 'toggled' }
  | { type: 'emptied' };

export const FOLLOWING: FollowState = { following: true, missed: 0 };

/** Un-sticks on the reader's way up, sticks again at the end. */
export function nextFollowState(state: FollowState, event: FollowEvent): FollowState {
  const { following, missed } = state;
  switch (event.type) {
    case 'scrolled':
      return event.atEnd && !following ? FOLLOWING : state;
    case 'appended':
      return following || event.rows === 0 ? state : { following, missed: missed + event.rows };
    case 'moved-away':
      return following ? { following: false, missed: 0 } : state;
    case 'emptied':
      return following || missed === 0 ? state : { following, missed: 0 };
    case 'toggled':
      return following ? { following: false, missed: 0 } : FOLLOWING;
    case 'jumped-to-end':
    default:
      return FOLLOWING;
  }
}
