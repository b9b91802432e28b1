import { useLayoutEffect } from 'react';

let open = 0;

/** Makes the window behind a dialog unreachable for keyboard and assistive technology while the dialog is open. */
export function useBackgroundInert(active: boolean): void {
  useLayoutEffect(() => {
    if (!active) return undefined;
    const root = document.getElementById('root');
    open += 1;
    root?.setAttribute('inert', '');
    return () => {
      open -= 1;
      if (open === 0) root?.removeAttribute('inert');
    };
  }, [active]);
}
