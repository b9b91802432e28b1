import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the focus in a panel whose controls come and go: who started something by key is not to begin at the top of the page because the
 * button is gone, or switched off. It goes to the control that came in its place (the same `data-focus-id`), else to the part marked with
 * `data-keeps-focus`, else to the tab's panel around. Call it in the component that draws the panel.
 */
export function useKeptFocus(panel: RefObject<HTMLElement | null>): void {
  const last = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const onFocusIn = ({ target }: FocusEvent): void => {
      const root = panel.current;
      if (root === null || !(target instanceof HTMLElement)) return;
      if (root.contains(target)) last.current = target;
      // Around the panel it only waits for what is about to be drawn.
      else if (!target.contains(root)) last.current = null;
    };
    // Who presses beside everything has left.
    const onPointerDown = (): void => {
      last.current = null;
    };
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('pointerdown', onPointerDown);
    return () => {
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('pointerdown', onPointerDown);
    };
  }, [panel]);
  // After each drawing.
  useEffect(() => {
    const root = panel.current;
    const gone = last.current;
    if (root === null || gone === null || (gone.isConnected && !gone.matches(':disabled'))) return;
    const around = root.closest<HTMLElement>('[role="tabpanel"]');
    const active = document.activeElement;
    if (active !== null && ![document.body, gone, around].includes(active as HTMLElement)) return;
    const id = gone.dataset['focusId'];
    const twin = id === undefined ? null : root.querySelector<HTMLElement>(`[data-focus-id="${id}"]`);
    (twin ?? root.querySelector<HTMLElement>('[data-keeps-focus]') ?? around)?.focus();
  });
}
