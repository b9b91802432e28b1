import { useEffect, useRef } from 'react';

/** Keys of the page about images, for the sheet of shortcuts. */
export const IMAGE_KEYS = [
  { keys: '/', title: 'Filter' },
  { keys: 'arrowup', title: 'Move; with Shift choose several (all arrows)' },
  { keys: 'space', title: 'Choose, or choose no more' },
  { keys: 'mod+a', title: 'Choose all' },
  { keys: 'enter', title: 'Details' },
  { keys: 'Delete', title: 'Remove' },
  { keys: 'escape', title: 'Close the details, or choose nothing' },
] as const;

interface PageKeys {
  onSearch: () => void;
  onEscape: () => void;
}

/** `/` and Escape anywhere on the page; the list has the others itself. */
export function useImagesKeys(keys: PageKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null) return;
      const isTyping =
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [contenteditable]') !== null;
      if (event.key === '/' && !isTyping) latest.current.onSearch();
      else if (event.key === 'Escape') latest.current.onEscape();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
