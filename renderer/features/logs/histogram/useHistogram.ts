import { useEffect, useState } from 'react';
import type { LogHistogram } from '#shared/domain/LogView.ts';
import type { LogViewClient } from '../view/LogViewClient.ts';

const REFRESH_MS = 1000;

/** Lines over time of a view, asked for anew while it grows, at most once a second and not while nobody looks. */
export function useHistogram(view: LogViewClient, buckets: number): LogHistogram | null {
  const [histogram, setHistogram] = useState<LogHistogram | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isOpen = true;
    let askedAt = -Infinity;
    let asked = '';

    const wanted = () => `${view.epoch} ${view.state?.lines ?? 0}`;
    const ask = async () => {
      timer = null;
      asked = wanted();
      askedAt = performance.now();
      try {
        const answer = await view.histogram({ buckets });
        if (isOpen) setHistogram(answer);
      } catch {
        // The view tells what is wrong by itself; the next state asks again.
        asked = '';
      }
    };
    const schedule = () => {
      if (timer !== null || document.hidden || view.viewId === null || view.state === null) return;
      if (asked === wanted()) return;
      timer = setTimeout(() => void ask(), Math.max(0, askedAt + REFRESH_MS - performance.now()));
    };

    const stop = view.subscribe(schedule);
    document.addEventListener('visibilitychange', schedule);
    schedule();
    return () => {
      isOpen = false;
      if (timer !== null) clearTimeout(timer);
      stop();
      document.removeEventListener('visibilitychange', schedule);
    };
  }, [view, buckets]);
  return histogram;
}
