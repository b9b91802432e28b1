import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { ansiSpans } from '../../logs/ansiSpans.ts';
import { TextRuns } from '../../logs/list/TextRuns.tsx';
import styles from './StepOutput.module.css';

const LINE_PX = 17;
const LINES_IN_SIGHT = 14;
const OVERSCAN = 8;
/** What is longer is cut in the view; copying takes it whole. */
const MOST_CHARS = 2_000;
const FRAME_PX = 18;

interface StepOutputProps {
  lines: readonly string[];
  label: string;
  /** Lines still come: stays at the end until scrolled up. */
  live: boolean;
  className?: string | undefined;
}

/** Pixels that the output of so many lines takes. */
export function outputHeight(lines: number): number {
  return Math.min(Math.max(1, lines), LINES_IN_SIGHT) * LINE_PX + FRAME_PX;
}

/** A step's output in a box of its own; only the lines in sight are in the document. */
export function StepOutput({ lines, label, live, className }: StepOutputProps) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [top, setTop] = useState(0);
  const count = lines.length;

  useLayoutEffect(() => {
    const element = box.current;
    if (count > 0 && element && following.current) {
      element.scrollTop = element.scrollHeight;
      setTop(element.scrollTop);
    }
  }, [count]);

  const first = Math.max(0, Math.min(Math.floor(top / LINE_PX), count - LINES_IN_SIGHT) - OVERSCAN);
  const last = Math.min(count, first + LINES_IN_SIGHT + 2 * OVERSCAN);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    // Its own scrolling, not the rows around it.
    if (event.key !== 'Escape') event.stopPropagation();
    if (event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    event.currentTarget.scrollTop = event.key === 'Home' ? 0 : event.currentTarget.scrollHeight;
  };
  return (
    <div
      ref={box}
      className={className === undefined ? styles.output : `${styles.output} ${className}`}
      style={{ height: outputHeight(count) }}
      role="log"
      aria-label={label}
      aria-live="off"
      aria-busy={live}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const element = event.currentTarget;
        following.current = element.scrollTop + element.clientHeight >= element.scrollHeight - LINE_PX / 2;
        setTop(element.scrollTop);
      }}
    >
      <div className={styles.extent} style={{ height: count * LINE_PX }}>
        <div style={{ transform: `translateY(${first * LINE_PX}px)` }}>
          {lines.slice(first, last).map((line, at) => (
            <div key={first + at} className={styles.line}>
              <TextRuns spans={ansiSpans(line.slice(0, MOST_CHARS))} ranges={[]} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
