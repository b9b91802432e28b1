import type { RunOutcome, RunPlacement, RunResult, RunSummary, RunWorker } from '#shared/domain/Run.ts';
import { formatStepTime } from '../build/formatStepTime.ts';

const OUTCOMES: Readonly<Record<RunOutcome, string>> = {
  ok: 'Succeeded',
  failed: 'Failed',
  stopped: 'Stopped',
  lost: 'Lost',
};

const STUDY_OUTCOMES: Readonly<Record<RunOutcome | 'going', string>> = {
  ok: 'Study',
  failed: 'Study that failed',
  stopped: 'Study, not whole',
  lost: 'Study, broken off',
  going: 'Study under way',
};

export function outcomeWords({ kind, outcome, closedAt }: RunSummary): string {
  if (kind === 'study') return STUDY_OUTCOMES[outcome ?? 'going'];
  if (outcome === undefined) return 'Running';
  return closedAt === undefined && outcome !== 'lost'
    ? `${OUTCOMES[outcome]}, workers go on`
    : OUTCOMES[outcome];
}

/** How long it took, or takes so far; undefined where nobody knows. */
export function timeOfRun({ startedAt, endedAt, outcome }: RunSummary, now: number): string | undefined {
  if (endedAt !== undefined) return formatStepTime(endedAt - startedAt);
  return outcome === undefined ? formatStepTime(Math.max(0, now - startedAt)) : undefined;
}

export function resultWords({ results }: RunSummary): string | undefined {
  if (results === undefined) return undefined;
  const files = `${results.files} ${results.files === 1 ? 'file' : 'files'}`;
  return results.incomplete === 0 ? files : `${files}, incomplete`;
}

export function endOfWorker({ lost, finishedAt, exitCode, oomKilled }: RunWorker): string {
  if (lost === true) return 'lost';
  if (finishedAt === undefined) return 'runs';
  return oomKilled === true ? 'out of memory' : `exit ${exitCode ?? '?'}`;
}

export function stateOfResult({ state, failed, skipped }: RunResult): string {
  if (state === 'failed') return 'nothing copied';
  const words = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} left out`] : []),
  ];
  return words.join(', ');
}

/** Where a container was allowed to run: `CPU 0-3, memory of node 0, 1 GPU`. */
export function placeWords({ cpuset, cpusetMems, gpus, cpus }: RunPlacement): string {
  const words = [
    ...(cpuset === undefined ? [] : [`CPU ${cpuset}`]),
    ...(cpus === undefined ? [] : [`at most ${cpus}`]),
    ...(cpusetMems === undefined ? [] : [`memory of node ${cpusetMems}`]),
    ...(gpus === undefined ? [] : [`${gpus.length} ${gpus.length === 1 ? 'GPU' : 'GPUs'}`]),
  ];
  return words.length === 0 ? '–' : words.join(', ');
}
