import { useSyncExternalStore } from 'react';
import { formatDuration, nextChangeAfter } from './formatDuration.ts';

interface Entry {
  startedAt: number;
  tell(): void;
}

const entries = new Set<Entry>();
let timer: number | null = null;

/** One timer for all: it wakes when the first shown text changes, on whole seconds so that many change in one go. */
function schedule(): void {
  if (timer !== null) window.clearTimeout(timer);
  timer = null;
  if (entries.size === 0 || document.hidden) return;
  const now = Date.now();
  let wait = Number.POSITIVE_INFINITY;
  for (const entry of entries) wait = Math.min(wait, nextChangeAfter(now - entry.startedAt));
  const due = Math.ceil((now + wait) / 1000) * 1000;
  timer = window.setTimeout(() => {
    timer = null;
    for (const entry of entries) entry.tell();
    schedule();
  }, due - now);
}

if (typeof document !== 'undefined') document.addEventListener('visibilitychange', schedule);

/** How long something has been running, as text; kept current only while mounted and the window is visible. */
export function useUptime(startedAt: number | undefined): string | null {
  return useSyncExternalStore(
    (tell) => {
      if (startedAt === undefined) return () => undefined;
      const entry = { startedAt, tell };
      entries.add(entry);
      schedule();
      return () => {
        entries.delete(entry);
        if (entries.size === 0) schedule();
      };
    },
    () => (startedAt === undefined ? null : formatDuration(Date.now() - startedAt)),
  );
}
