let last: HTMLElement | null = null;
let watching = false;

/**
 * Remembers which element outside every overlay (dialog, menu, tooltip) was focused last, so that a dialog opened
 * from a menu item, which is gone by the time the dialog closes, still gives focus back to where the person was.
 */
export function watchFocus(): void {
  if (watching || typeof document === 'undefined') return;
  watching = true;
  document.addEventListener('focusin', (event) => {
    if (event.target instanceof HTMLElement && !event.target.closest('[data-overlay]')) last = event.target;
  });
  // Who pressed beside everything has left the field; a dialog closed later must not put them back into it.
  document.addEventListener('focusout', (event) => {
    if (event.relatedTarget === null && event.target === last && document.hasFocus()) last = null;
  });
}

/** Focuses the element remembered last, if it is still there. */
export function returnFocus(): void {
  if (last?.isConnected) last.focus();
}

watchFocus();
