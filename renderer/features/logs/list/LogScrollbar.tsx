import { type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import styles from './LogScrollbar.module.css';
import { thumbOf } from './rowGeometry.ts';

interface LogScrollbarProps {
  /** Id of the element it scrolls. */
  controls: string;
  total: number;
  viewportPx: number;
  /** 0 at the first row, 1 at the end. */
  fraction: number;
  /** Row number of the first row in sight. */
  row: number;
  /** Row numbers to mark beside the track. */
  marks: readonly number[];
  onFraction: (fraction: number) => void;
  onPage: (direction: 1 | -1) => void;
}

/**
 * A scroll bar of our own: the list has no tall element a browser could scroll, which none can beyond some thousand
 * times a thousand pixels. The keyboard scrolls in the list itself.
 */
export function LogScrollbar(props: LogScrollbarProps) {
  const { controls, total, viewportPx, fraction, row, marks, onFraction, onPage } = props;
  const track = useRef<HTMLDivElement>(null);
  const grip = useRef<number | null>(null);
  const [trackPx, setTrackPx] = useState(0);

  useLayoutEffect(() => {
    const element = track.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setTrackPx(element.clientHeight));
    observer.observe(element);
    setTrackPx(element.clientHeight);
    return () => observer.disconnect();
  }, []);

  const thumb = thumbOf({ fraction, total, viewportPx, trackPx });
  const isScrollable = thumb.size < trackPx;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || !isScrollable) return;
    event.preventDefault();
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    if (y < thumb.top || y > thumb.top + thumb.size) {
      // A click beside the thumb pages; with shift it goes there.
      if (event.shiftKey) onFraction((y - thumb.size / 2) / (trackPx - thumb.size));
      else onPage(y < thumb.top ? -1 : 1);
      return;
    }
    grip.current = y - thumb.top;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (grip.current === null) return;
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    onFraction(Math.min(1, Math.max(0, (y - grip.current) / (trackPx - thumb.size))));
  };
  const release = () => {
    grip.current = null;
  };

  return (
    <div
      ref={track}
      className={styles.track}
      role="scrollbar"
      aria-label="Place in the log"
      aria-controls={controls}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, total - 1)}
      aria-valuenow={Math.min(row, Math.max(0, total - 1))}
      aria-valuetext={
        total === 0 ? 'empty' : `Line ${(row + 1).toLocaleString('en')} of ${total.toLocaleString('en')}`
      }
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
    >
      {isScrollable ? (
        <div
          className={styles.thumb}
          style={{ height: thumb.size, transform: `translateY(${thumb.top}px)` }}
        />
      ) : null}
      {marks.map((mark) => (
        <div key={mark} className={styles.mark} style={{ top: `${(mark / Math.max(1, total)) * 100}%` }} />
      ))}
    </div>
  );
}
