import { useEffect, useEffectEvent, useState } from 'react';
import type { LogViewClient } from './LogViewClient.ts';

/**
 * What a view answers to a question, asked anew when `keyOf` gives something else: at most every `everyMs`, and not
 * while nobody looks. Null until the first answer.
 */
export function useViewAnswer<Answer>(
  view: LogViewClient,
  question: {
    everyMs: number;
    /** What is asked about, besides the view; another one is asked for at once. */
    subject: unknown;
    /** What the answer depends on; null: nothing to ask. */
    keyOf: () => string | null;
    ask: () => Promise<Answer>;
  },
): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const keyOf = useEffectEvent(() => question.keyOf());
  const ask = useEffectEvent(() => question.ask());
  const { everyMs, subject } = question;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isOpen = true;
    let isAsking = false;
    let askedAt = -Infinity;
    let asked: string | null = null;

    const run = async () => {
      timer = null;
      const key = keyOf();
      if (key === null) return;
      asked = key;
      askedAt = performance.now();
      isAsking = true;
      try {
        const found = await ask();
        if (isOpen) setAnswer(found);
      } catch {
        // The view tells what is wrong by itself; its next state asks again.
        asked = null;
        isAsking = false;
        return;
      }
      isAsking = false;
      if (isOpen) schedule();
    };
    const schedule = () => {
      if (timer !== null || isAsking || document.hidden || view.viewId === null || view.state === null)
        return;
      const key = keyOf();
      if (key === null || key === asked) return;
      timer = setTimeout(() => void run(), Math.max(0, askedAt + everyMs - performance.now()));
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
  }, [view, everyMs, subject]);
  return answer;
}
