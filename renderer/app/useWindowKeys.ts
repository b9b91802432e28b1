import { useEffect } from 'react';
import type { WindowServices } from './WindowServices.ts';

/** Keys that work everywhere in the window. */
export const WINDOW_KEYS = [
  { keys: 'mod+k', title: 'Command palette' },
  { keys: 'mod+o', title: 'Open a project folder' },
  { keys: '?', title: 'Keyboard shortcuts' },
] as const;

export function useWindowKeys(services: WindowServices): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const mod = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const isTyping =
        event.target instanceof Element &&
        event.target.closest('input, textarea, [contenteditable]') !== null;
      if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null) return;
      if (mod && key === 'k') services.showPalette();
      else if (mod && key === 'o') services.openFolder();
      else if (!mod && event.key === '?' && !isTyping) services.showShortcuts();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [services]);
}
