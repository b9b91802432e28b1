import type { WorkerView } from '#shared/domain/AppView.ts';
import { phaseLook } from './phaseLook.ts';

const ORDER = [
  'running',
  'starting',
  'creating',
  'requested',
  'restarting',
  'paused',
  'stopping',
  'removing',
  'failed',
  'done',
  'stopped',
  'created',
];

/** How many workers are in which phase, most telling first, e.g. `4 running · 2 starting`. */
export function countPhases(
  workers: readonly WorkerView[],
): { phase: string; count: number; text: string }[] {
  const counts = new Map<string, number>();
  for (const worker of workers) counts.set(worker.phase, (counts.get(worker.phase) ?? 0) + 1);
  const rank = (phase: string) => (ORDER.includes(phase) ? ORDER.indexOf(phase) : ORDER.length);
  return [...counts]
    .sort(([left], [right]) => rank(left) - rank(right))
    .map(([phase, count]) => ({ phase, count, text: `${count} ${phaseLook(phase).label.toLowerCase()}` }));
}

const ON_THE_WAY = new Set(['requested', 'creating', 'starting', 'restarting']);

/** The short form for a row: running, on the way, failed; of the rest only what is left when none of these is. */
export function countStages(workers: readonly WorkerView[]): { phase: string; text: string }[] {
  const of = (test: (phase: string) => boolean) => workers.filter((worker) => test(worker.phase)).length;
  const running = of((phase) => phase === 'running');
  const starting = of((phase) => ON_THE_WAY.has(phase));
  const failed = of((phase) => phase === 'failed');
  const stages = [
    { phase: 'running', count: running, text: `${running} running` },
    { phase: 'starting', count: starting, text: `${starting} starting` },
    { phase: 'failed', count: failed, text: `${failed} failed` },
  ].filter(({ count }) => count > 0);
  return stages.length > 0 ? stages : countPhases(workers).slice(0, 2);
}
