import { useLayoutEffect, useRef, useState } from 'react';
import { withoutColours } from '../logs/cleanTerminalText.ts';
import styles from './StepOutput.module.css';

const LINE_HEIGHT = 17;
const LINES_IN_SIGHT = 14;
const OVERSCAN = 8;

interface StepOutputProps {
  lines: readonly string[];
  label: string;
  /** Lines still come: stays at the end until scrolled up. */
  live: boolean;
}

/** A step's output in a box of its own; only the lines in sight are in the document. */
export function StepOutput({ lines, label, live }: StepOutputProps) {
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

  const height = Math.min(count, LINES_IN_SIGHT) * LINE_HEIGHT;
  const first = Math.max(0, Math.min(Math.floor(top / LINE_HEIGHT), count - LINES_IN_SIGHT) - OVERSCAN);
  const last = Math.min(count, first + LINES_IN_SIGHT + 2 * OVERSCAN);
  return (
    <div
      ref={box}
      className={styles.output}
      role="log"
      aria-label={label}
      aria-live="off"
      aria-busy={live}
      tabIndex={0}
      onScroll={(event) => {
        const element = event.currentTarget;
        following.current =
          element.scrollTop + element.clientHeight >= element.scrollHeight - LINE_HEIGHT / 2;
        setTop(element.scrollTop);
      }}
    >
      <div className={styles.extent} style={{ height: count * LINE_HEIGHT, minHeight: height }}>
        <div style={{ transform: `translateY(${first * LINE_HEIGHT}px)` }}>
          {lines.slice(first, last).map((line, at) => (
            <div key={first + at} className={styles.line}>
              {withoutColours(line).slice(0, 2000)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
