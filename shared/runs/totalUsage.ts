import type { RunUsage, RunWorker } from '../domain/Run.ts';

/**
 * What containers of a run were seen to use together. `seen` is the part of their time that lies before the last look at each: engines forget a container's
 * counters the moment it ends, so what it used after the last look is in no number.
 *
 * @returns undefined where none was looked at
 */
export function totalUsage(workers: readonly RunWorker[]): RunUsage | undefined {
  let coreSeconds = 0;
  let peakMemoryBytes: number | undefined;
  let seenMs = 0;
  let wholeMs = 0;
  let isKnown = false;
  for (const { startedAt, finishedAt, lost, usage } of workers) {
    const readAt = usage?.readAt ?? startedAt;
    const end = finishedAt ?? Math.max(readAt, startedAt);
    wholeMs += Math.max(0, end - startedAt);
    if (usage === undefined) continue;
    isKnown = true;
    coreSeconds += usage.coreSeconds;
    if (usage.peakMemoryBytes !== undefined)
      peakMemoryBytes = Math.max(peakMemoryBytes ?? 0, usage.peakMemoryBytes);
    // How long one that is lost went on nobody knows.
    if (lost !== true) seenMs += Math.max(0, Math.min(readAt, end) - startedAt);
  }
  if (!isKnown) return undefined;
  return {
    coreSeconds: Math.round(coreSeconds * 1e3) / 1e3,
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
    seen: wholeMs === 0 ? 1 : Math.round((1e3 * seenMs) / wholeMs) / 1e3,
  };
}

/** By service, in the order in which they come first. */
export function usageByService(workers: readonly RunWorker[]): { service: string; usage: RunUsage }[] {
  return [...new Set(workers.map(({ service }) => service))].flatMap((service) => {
    const usage = totalUsage(workers.filter((worker) => worker.service === service));
    return usage === undefined ? [] : [{ service, usage }];
  });
}
