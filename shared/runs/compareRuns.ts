import type {
  RunComparison,
  RunDifference,
  RunGit,
  RunRecord,
  RunService,
  RunWorker,
} from '../domain/Run.ts';
import { coreSecondsWords, peakMemoryWords } from './usageWords.ts';

/** A run with its resolved compose file as data. */
export type ComparedRun = RunRecord & { config?: unknown };

/** Two runs side by side: what they came to, and what about them was different. */
export function compareRuns(left: ComparedRun, right: ComparedRun): RunComparison {
  return {
    left: left.summary,
    right: right.summary,
    facts: [
      pair('outcome', left, right, ({ summary }) => summary.outcome ?? 'going'),
      pair('exit code', left, right, ({ summary }) => summary.exitCode),
      pair('time (ms)', left, right, ({ summary: { startedAt, endedAt } }) =>
        endedAt === undefined ? undefined : endedAt - startedAt,
      ),
      pair('core-seconds', left, right, ({ summary }) => summary.usage && coreSecondsWords(summary.usage)),
      pair('peak memory', left, right, ({ summary }) => summary.usage && peakMemoryWords(summary.usage)),
      pair('containers', left, right, ({ workers }) => workers.length),
      pair('result files', left, right, ({ summary }) => summary.results?.files),
      pair('result bytes', left, right, ({ summary }) => summary.results?.bytes),
    ],
    settings: [...differences(settingsOf(left), settingsOf(right))],
    workers: [...differences(workersOf(left), workersOf(right))],
  };
}

function pair(
  what: string,
  left: RunRecord,
  right: RunRecord,
  of: (run: RunRecord) => string | number | undefined,
): RunDifference {
  return { what, left: text(of(left)), right: text(of(right)) };
}

function differences(left: Map<string, string>, right: Map<string, string>): RunDifference[] {
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((what) => left.get(what) !== right.get(what))
    .map((what) => ({ what, left: left.get(what), right: right.get(what) }));
}

function settingsOf({ host, git, services, workers, config = {} }: ComparedRun): Map<string, string> {
  const all = new Map<string, string>();
  put(all, 'commit', gitText(git));
  put(all, 'engine', host?.engine);
  put(all, 'kernel', host?.kernel);
  put(all, 'CPUs of the host', host?.cpus);
  put(all, 'memory of the host (bytes)', host?.memoryBytes);
  put(all, 'cgroup version', host?.cgroupVersion);
  for (const service of services) putService(all, service, workers);
  flatten(all, '', config);
  return all;
}

function putService(all: Map<string, string>, service: RunService, workers: readonly RunWorker[]): void {
  const { name, image, imageId, replicas } = service;
  put(all, `${name}: image`, image);
  put(all, `${name}: image id`, imageId);
  put(all, `${name}: replicas`, replicas);
  const first = workers.find((worker) => worker.service === name);
  for (const [variable, value] of Object.entries(first?.environment ?? {})) {
    // These differ from replica to replica, or with every start.
    if (!/^(WORKER_INDEX|HOSTNAME|FLOTILLA_CONTROL_\w+)$/.test(variable))
      put(all, `${name}: variable ${variable}`, value);
  }
}

function workersOf({ workers }: RunRecord): Map<string, string> {
  const all = new Map<string, string>();
  for (const { key, startedAt, finishedAt, exitCode, oomKilled, lost, placement = {}, usage } of workers) {
    put(
      all,
      `${key}: exit code`,
      oomKilled === true ? `${exitCode ?? ''} (out of memory)` : lost === true ? 'lost' : exitCode,
    );
    if (finishedAt !== undefined) put(all, `${key}: time (ms)`, finishedAt - startedAt);
    put(all, `${key}: core-seconds`, usage?.coreSeconds);
    put(all, `${key}: peak memory`, usage && peakMemoryWords(usage));
    put(all, `${key}: CPU set`, placement.cpuset);
    put(all, `${key}: memory nodes`, placement.cpusetMems);
    put(all, `${key}: GPUs`, placement.gpus?.join(', '));
    put(all, `${key}: CPUs`, placement.cpus);
    put(all, `${key}: memory limit (bytes)`, placement.memoryBytes);
  }
  return all;
}

function gitText(git: RunGit | undefined): string | undefined {
  if (git?.known !== true) return undefined;
  return `${git.commit}${git.dirty === true ? ' and changes' : git.dirty === undefined ? ' (changes not known)' : ''}`;
}

/** The leaves of a resolved compose file, by their paths. */
function flatten(all: Map<string, string>, path: string, value: unknown): void {
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      flatten(all, path === '' ? key : `${path}.${key}`, inner);
  else if (value !== undefined && path !== '' && !/\.environment\.|^services\.[^.]+\.image$/.test(path))
    put(all, path, typeof value === 'string' ? value : JSON.stringify(value));
}

function put(all: Map<string, string>, what: string, value: string | number | undefined): void {
  const words = text(value);
  if (words !== undefined) all.set(what, words);
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
