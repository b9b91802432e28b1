import { useCallback, useSyncExternalStore } from 'react';

type Subscribe = (listener: () => void) => () => void;

/**
 * Draws anew when a store changed, at most every `everyMs`: for what is read by people while states come many times a
 * second.
 */
export function useThrottled(store: { subscribe: Subscribe; version: () => number }, everyMs: number): void {
  const subscribe = useCallback(
    (listener: () => void) => throttle(store.subscribe, everyMs)(listener),
    [store, everyMs],
  );
  useSyncExternalStore(subscribe, store.version);
}

function throttle(subscribe: Subscribe, everyMs: number): Subscribe {
  return (listener) => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let toldAt = -Infinity;
    const tell = () => {
      timer = null;
      toldAt = performance.now();
      listener();
    };
    const stop = subscribe(() => {
      if (timer !== null) return;
      const wait = toldAt + everyMs - performance.now();
      if (wait <= 0) tell();
      else timer = setTimeout(tell, wait);
    });
    return () => {
      if (timer !== null) clearTimeout(timer);
      stop();
    };
  };
}
