import { useEffect, useEffectEvent, useRef } from 'react';

/** Goes to a moment once: when there are rows to go to. */
export function useJump(
  wanted: { timeMs: number } | null | undefined,
  hasRows: boolean,
  jump: (timeMs: number) => void,
): void {
  const done = useRef<object | null>(null);
  const go = useEffectEvent(jump);
  useEffect(() => {
    if (!wanted || !hasRows || done.current === wanted) return;
    done.current = wanted;
    go(wanted.timeMs);
  }, [wanted, hasRows]);
}
