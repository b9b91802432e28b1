import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from './Kbd.tsx';
import styles from './Tooltip.module.css';

const DELAY_MS = 450;
/** Moving from one tooltip to the next within this time shows it at once. */
const WARM_MS = 300;
const GAP_PX = 6;

interface Shown {
  target: HTMLElement;
  text: string;
  keys: string | undefined;
}

/** Draws the tooltip of whatever element with `data-tooltip` is hovered or keyboard-focused. One per window. */
export function TooltipHost() {
  const [shown, setShown] = useState<Shown | null>(null);
  const bubble = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: HTMLElement | null = null;
    let hiddenAt = 0;

    const hide = () => {
      clearTimeout(timer);
      if (current) hiddenAt = Date.now();
      current = null;
      setShown(null);
    };
    const show = (target: HTMLElement) => {
      current = target;
      const text = target.dataset['tooltip'];
      if (text) setShown({ target, text, keys: target.dataset['tooltipKeys'] });
    };
    const over = (event: Event) => {
      const target = targetOf(event);
      if (target === current && target) return;
      hide();
      if (!target) return;
      timer = setTimeout(() => show(target), Date.now() - hiddenAt < WARM_MS ? 0 : DELAY_MS);
    };
    const focus = (event: Event) => {
      const target = targetOf(event);
      hide();
      if (target?.matches(':focus-visible')) timer = setTimeout(() => show(target), DELAY_MS);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' || current) hide();
    };

    document.addEventListener('pointerover', over);
    document.addEventListener('focusin', focus);
    document.addEventListener('pointerdown', hide, true);
    document.addEventListener('keydown', key, true);
    document.addEventListener('scroll', hide, true);
    window.addEventListener('blur', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('pointerdown', hide, true);
      document.removeEventListener('keydown', key, true);
      document.removeEventListener('scroll', hide, true);
      window.removeEventListener('blur', hide);
    };
  }, []);

  useLayoutEffect(() => {
    const element = bubble.current;
    if (!shown || !element) return undefined;
    if (!shown.target.isConnected) {
      setShown(null);
      return undefined;
    }
    place(element, shown.target);
    if (shown.target.getAttribute('aria-label') === shown.text) return undefined;
    shown.target.setAttribute('aria-describedby', 'flotilla-tooltip');
    return () => shown.target.removeAttribute('aria-describedby');
  }, [shown]);

  if (!shown) return null;
  return createPortal(
    <div ref={bubble} id="flotilla-tooltip" role="tooltip" className={styles.tooltip} data-overlay>
      {shown.text}
      {shown.keys !== undefined && <Kbd keys={shown.keys} tone="inverse" />}
    </div>,
    document.body,
  );
}

function targetOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tooltip]') : null;
}

function place(bubble: HTMLElement, target: HTMLElement): void {
  const anchor = target.getBoundingClientRect();
  const size = bubble.getBoundingClientRect();
  const side = target.dataset['tooltipSide'] ?? 'bottom';
  let left = anchor.left + (anchor.width - size.width) / 2;
  let top = anchor.bottom + GAP_PX;
  if (side === 'top' || (side === 'bottom' && top + size.height > window.innerHeight - 4))
    top = anchor.top - size.height - GAP_PX;
  if (side === 'right' || side === 'left') {
    top = anchor.top + (anchor.height - size.height) / 2;
    left = side === 'right' ? anchor.right + GAP_PX : anchor.left - size.width - GAP_PX;
  }
  bubble.style.left = `${Math.round(Math.min(Math.max(4, left), window.innerWidth - size.width - 4))}px`;
  bubble.style.top = `${Math.round(Math.max(4, top))}px`;
}
