import type { WorkerView } from '../domain/AppView.ts';
import type { MetricsHistory, MetricsWorker } from '../domain/Metrics.ts';
import type { StragglerInput } from './findStragglers.ts';

/** What is known of workers that run or have done their work, for `findStragglers`. */
export function stragglerInputs(
  { workers: measured }: MetricsHistory,
  meters: readonly MetricsWorker[],
  workers: readonly Pick<WorkerView, 'key' | 'phase'>[],
): StragglerInput[] {
  const phases = new Map(workers.map(({ key, phase }) => [key, phase]));
  const kills = new Map(meters.map(({ worker, oomKills }) => [worker, oomKills]));
  return measured.flatMap(({ worker, service, means }) => {
    const phase = phases.get(worker);
    if (phase !== 'running' && phase !== 'done') return [];
    return [
      {
        worker,
        service,
        phase: phase === 'done' ? 'ended' : 'running',
        oomKills: kills.get(worker) ?? 0,
        means,
      },
    ];
  });
}
