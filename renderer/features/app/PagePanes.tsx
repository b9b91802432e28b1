import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import styles from './PagePanes.module.css';

/** Below this height two scrolling halves are too small to read: the page scrolls as a whole instead. */
const STACKED_BELOW_PIXELS = 460;
const STORAGE_KEY = 'flotilla.app-panes';
const USUAL_SHARE = 0.52;
const LEAST_SHARE = 0.18;
const MOST_SHARE = 0.82;
const KEY_STEP = 0.03;

interface PagePanesProps {
  top: ReactNode;
  bottom: ReactNode;
  /** Which of the panels below is open: when another is, it is brought into sight. */
  shown: string;
}

/** Workers above, panels below: split by a bar that can be moved, or stacked where there is little room. */
export function PagePanes({ top, bottom, shown }: PagePanesProps) {
  const box = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLDivElement>(null);
  const lastShown = useRef(shown);
  const [stacked, setStacked] = useState(false);
  const [share, setShare] = useState(readShare);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setStacked(element.clientHeight < STACKED_BELOW_PIXELS));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (lastShown.current === shown) return;
    lastShown.current = shown;
    if (stacked) lower.current?.scrollIntoView({ block: 'start' });
  }, [shown, stacked]);

  const move = (next: number) => {
    const bounded = Math.min(MOST_SHARE, Math.max(LEAST_SHARE, next));
    setShare(bounded);
    writeShare(bounded);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const element = box.current;
    if (!element || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const frame = element.getBoundingClientRect();
    move((event.clientY - frame.top) / frame.height);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted: Record<string, number> = {
      ArrowUp: share - KEY_STEP,
      ArrowDown: share + KEY_STEP,
      Home: LEAST_SHARE,
      End: MOST_SHARE,
      Enter: USUAL_SHARE,
    };
    const next = wanted[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };

  return (
    <div ref={box} className={styles.box} data-stacked={stacked || undefined}>
      <div className={styles.top} style={stacked ? undefined : { flexBasis: `${share * 100}%` }}>
        {top}
      </div>
      <div
        className={styles.bar}
        role="separator"
        aria-label="Size of the panels"
        aria-orientation="horizontal"
        aria-valuemin={LEAST_SHARE * 100}
        aria-valuemax={MOST_SHARE * 100}
        aria-valuenow={Math.round(share * 100)}
        tabIndex={stacked ? -1 : 0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onDoubleClick={() => move(USUAL_SHARE)}
        onKeyDown={onKeyDown}
      />
      <div ref={lower} className={styles.bottom}>
        {bottom}
      </div>
    </div>
  );
}

function readShare(): number {
  try {
    const stored = Number(localStorage.getItem(STORAGE_KEY));
    return stored >= LEAST_SHARE && stored <= MOST_SHARE ? stored : USUAL_SHARE;
  } catch {
    // Storage can be switched off: the split is then the usual one.
    return USUAL_SHARE;
  }
}

function writeShare(share: number): void {
  try {
    localStorage.setItem(STORAGE_KEY, share.toFixed(3));
  } catch {
    // Nothing is lost but the memory of the split.
  }
}
