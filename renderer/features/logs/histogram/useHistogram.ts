import type { LogHistogram } from '#shared/domain/LogView.ts';
import type { LogViewClient } from '../view/LogViewClient.ts';
import { useViewAnswer } from '../view/useViewAnswer.ts';

const REFRESH_MS = 2000;

/** Lines over time of a view, asked for anew while it grows. */
export function useHistogram(view: LogViewClient, buckets: number): LogHistogram | null {
  return useViewAnswer(view, {
    everyMs: REFRESH_MS,
    subject: buckets,
    keyOf: () => `${view.epoch} ${view.state?.lines ?? 0}`,
    ask: () => view.histogram({ buckets }),
  });
}
