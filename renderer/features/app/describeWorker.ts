import type { WorkerView } from '#shared/domain/AppView.ts';
import { phaseLook } from './phaseLook.ts';

const SIGNALS: Record<number, string> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** How an ended worker ended, e.g. `exit 137 (SIGKILL)`, `out of memory`; null while it has not. */
export function describeExit(worker: WorkerView): string | null {
  if (worker.phase === 'failed' && worker.oomKilled) return 'out of memory';
  if (worker.exitCode === undefined || !['done', 'failed', 'stopped', 'restarting'].includes(worker.phase))
    return null;
  const signal = SIGNALS[worker.exitCode];
  return signal ? `exit ${worker.exitCode} (${signal})` : `exit ${worker.exitCode}`;
}

/** The end in as few letters as a tile has room for, e.g. `SIGKILL`, `exit 1`. */
export function describeExitShort(worker: WorkerView): string | null {
  const long = describeExit(worker);
  const signal = /\((SIG\w+)\)$/.exec(long ?? '');
  return signal?.[1] ?? long;
}

/** One line for a screen reader and a tooltip: name, phase, health, end. */
export function describeWorker(worker: WorkerView): string {
  const parts = [phaseLook(worker.phase).label.toLowerCase()];
  if (worker.health && worker.phase === 'running') parts.push(worker.health);
  const exit = describeExit(worker);
  if (exit) parts.push(exit);
  if (worker.error) parts.push(worker.error.message);
  return parts.join(', ');
}
