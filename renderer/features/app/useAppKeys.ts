import { useEffect, useEffectEvent } from 'react';
import { type AppKeyTargets, appActions, focusScaleField, serviceToScale } from './appActions.ts';
import { nextPress } from './keySequence.ts';

/**
 * Keys of the app page, live while it is mounted. They rest while something is typed, a dialog or menu is open,
 * or a modifier is held.
 */
export function useAppKeys(targets: AppKeyTargets): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent, pressed: string[]): string[] => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
      return [];
    if (takesKeys(event.target) || document.querySelector('[role="dialog"], [role="menu"]')) return [];
    if (/^\d$/.test(event.key)) {
      // The digit lands in the field: it gets the focus before the key does its work.
      if (targets.can.scale)
        focusScaleField(targets.page.current, serviceToScale(targets.app, targets.selectedService));
      return [];
    }
    const { action, pending } = nextPress(appActions(targets), pressed, event.key);
    if (action) {
      event.preventDefault();
      action.run();
    }
    return pending;
  });

  useEffect(() => {
    let pressed: string[] = [];
    let at = 0;
    const listen = (event: KeyboardEvent) => {
      const fresh = event.timeStamp - at < SEQUENCE_MS ? pressed : [];
      at = event.timeStamp;
      pressed = onKeyDown(event, fresh);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

const SEQUENCE_MS = 1200;

function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest('input, select, textarea, [contenteditable]');
  // A slider takes arrows only: letters and digits are free.
  return (
    field !== null && field.getAttribute('type') !== 'range' && field.getAttribute('type') !== 'checkbox'
  );
}
