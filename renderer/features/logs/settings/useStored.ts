import { useCallback, useState } from 'react';

/**
 * A value remembered in this browser. `read` makes a value of whatever lies there (`undefined` where nothing does),
 * so that a damaged or foreign one is never more than forgotten.
 */
export function useStored<Value>(
  key: string,
  read: (stored: unknown) => Value,
): [Value, (change: (before: Value) => Value) => void] {
  const [value, setValue] = useState(() => read(readStored(key)));
  const change = useCallback(
    (act: (before: Value) => Value) =>
      setValue((before) => {
        const next = act(before);
        writeStored(key, next);
        return next;
      }),
    [key],
  );
  return [value, change];
}

export function readStored(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    // Storage can be switched off, or hold what others wrote.
    return undefined;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full or switched off: it is forgotten with the window.
  }
}
