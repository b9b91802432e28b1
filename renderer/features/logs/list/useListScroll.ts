import { type RefObject, useEffect, useEffectEvent } from 'react';
import { ROW_PX } from './rowGeometry.ts';

/** Speed is lost by this factor each millisecond after a finger has let go. */
const FRICTION = 0.996;
const LEAST_SPEED = 0.02;

/** Wheel and touch for a list without a scrolling element: tells by how many pixels to move. Sideways stays the browser's. */
export function useListScroll(
  element: RefObject<HTMLElement | null>,
  options: { onScroll: (px: number) => void; pagePx: () => number },
): void {
  const scroll = useEffectEvent((px: number) => options.onScroll(px));
  const pagePx = useEffectEvent(() => options.pagePx());

  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let frame: number | null = null;
    let last: { id: number; y: number; at: number; speed: number } | null = null;

    const rest = () => {
      if (frame !== null) cancelAnimationFrame(frame);
      frame = null;
    };
    const onWheel = (event: WheelEvent) => {
      // Zoom and sideways are not ours.
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      rest();
      const unit = event.deltaMode === 1 ? ROW_PX : event.deltaMode === 2 ? pagePx() : 1;
      scroll(event.deltaY * unit);
    };
    const onPointerDown = (event: PointerEvent) => {
      rest();
      if (event.pointerType === 'mouse') return;
      last = { id: event.pointerId, y: event.clientY, at: event.timeStamp, speed: 0 };
    };
    const onPointerMove = (event: PointerEvent) => {
      if (!last || event.pointerId !== last.id) return;
      const moved = last.y - event.clientY;
      const elapsedMs = Math.max(1, event.timeStamp - last.at);
      last = { ...last, y: event.clientY, at: event.timeStamp, speed: moved / elapsedMs };
      scroll(moved);
    };
    const onPointerUp = (event: PointerEvent) => {
      if (!last || event.pointerId !== last.id) return;
      let { speed } = last;
      last = null;
      if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      let at = performance.now();
      const glide = (now: number) => {
        const elapsedMs = Math.max(0, now - at);
        at = now;
        scroll(speed * elapsedMs);
        speed *= FRICTION ** elapsedMs;
        frame = Math.abs(speed) > LEAST_SPEED ? requestAnimationFrame(glide) : null;
      };
      frame = requestAnimationFrame(glide);
    };

    // React listens passively to the wheel; ours must be able to keep the page from scrolling.
    target.addEventListener('wheel', onWheel, { passive: false });
    target.addEventListener('pointerdown', onPointerDown);
    target.addEventListener('pointermove', onPointerMove);
    target.addEventListener('pointerup', onPointerUp);
    target.addEventListener('pointercancel', onPointerUp);
    return () => {
      rest();
      target.removeEventListener('wheel', onWheel);
      target.removeEventListener('pointerdown', onPointerDown);
      target.removeEventListener('pointermove', onPointerMove);
      target.removeEventListener('pointerup', onPointerUp);
      target.removeEventListener('pointercancel', onPointerUp);
    };
  }, [element]);
}
