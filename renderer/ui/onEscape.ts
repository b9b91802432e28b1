import type { KeyboardEvent } from 'react';

/** For `onKeyDown` of a view that Escape leaves, unless something within it took the key for itself. */
export const onEscape =
  (leave: () => void) =>
  (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    leave();
  };
