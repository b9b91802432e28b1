import type { RunDifference, RunRecord, RunSummary, RunWorker } from '#shared/domain/Run.ts';
import { totalUsage, usageByService } from '#shared/runs/totalUsage.ts';
import { coreSecondsWords, peakMemoryWords, seenWords } from '#shared/runs/usageWords.ts';
import { counted } from '#shared/text/counted.ts';
import { timeWords } from '#shared/study/words.ts';

/** What the columns of a list of runs are. */
export const RUN_COLUMNS =
  'run           started (UTC)        outcome      time     n        CPU time     memory  results, app, name, tags';

/** A line for each run, newest first: id, begin, end, time, containers, CPU time, highest memory of one, results, title, name, tags. */
export function describeRuns(runs: readonly RunSummary[]): string[] {
  return runs.map((run) => {
    const { id, title, startedAt, containers, made, results, usage, name, tags = [] } = run;
    return [
      id,
      new Date(startedAt).toISOString().slice(0, 19).replace('T', ' '),
      outcomeWords(run).padEnd(7),
      durationWords(run).padStart(8),
      ...(made === undefined
        ? [
            `${containers}`.padStart(4),
            (usage === undefined ? '–' : coreSecondsWords(usage)).padStart(14),
            (usage === undefined ? '–' : peakMemoryWords(usage)).padStart(9),
          ]
        : [`study, ${made.done} of ${made.total} runs`.padEnd(31)]),
      results === undefined
        ? ''
        : `${counted(results.files, 'file')}${results.incomplete > 0 ? ', incomplete' : ''}`,
      title,
      name ?? '',
      tags.map((tag) => `#${tag}`).join(' '),
    ]
      .filter((part) => part !== '')
      .join('  ');
  });
}

/** All that is worth a line of a run. */
export function describeRun({ summary, host, git, services, workers, results, folder }: RunRecord): string[] {
  const { reason, note, usage } = summary;
  const seen = usage === undefined ? undefined : seenWords(usage);
  return [
    ...describeRuns([summary]),
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...(note === undefined ? [] : note.split('\n').map((line) => `  | ${line}`)),
    ...(summary.rerunOf === undefined ? [] : [`  made again from run ${summary.rerunOf}`]),
    `  started ${new Date(summary.startedAt).toISOString()}${summary.endedAt === undefined ? '' : `, ended ${new Date(summary.endedAt).toISOString()}`}`,
    ...(host === undefined
      ? []
      : [`  on ${host.engine}, ${host.operatingSystem}, ${host.cpus} CPUs, cgroup ${host.cgroupVersion}`]),
    ...(git === undefined
      ? []
      : [
          git.known
            ? `  commit ${git.commit.slice(0, 12)}${git.branch === undefined ? '' : ` on ${git.branch}`}${git.dirty === true ? `, ${git.changed.length} changed` : git.dirty === undefined ? ', changes not known' : ''}`
            : `  commit not known: ${git.reason}`,
        ]),
    ...services.map(
      ({ name, image, imageId, replicas }) =>
        `  ${name} × ${replicas}: ${image} ${imageId?.slice(7, 19) ?? ''}`,
    ),
    ...usageByService(workers).map(
      ({ service, usage }) =>
        `  ${service} used ${coreSecondsWords(usage)}, ${peakMemoryWords(usage)} at most in one container`,
    ),
    ...(seen === undefined ? [] : [`  ${seen}`]),
    ...workers.map((worker) => `  ${worker.key}: ${endWords(worker)}${usageOf(worker)}`),
    ...results.flatMap(({ worker, state, files, bytes, problems }) => [
      `  results of ${worker}: ${state}, ${counted(files, 'file')}, ${bytes} bytes`,
      ...problems.map(
        ({ path, reason, skipped }) =>
          `    ${skipped ? 'left out' : 'FAILED'}: ${path === '' ? '' : `${path}: `}${reason}`,
      ),
    ]),
    `  ${folder}`,
  ];
}

function endWords({ exitCode, oomKilled, lost, startedAt, finishedAt }: RunWorker): string {
  if (lost === true) return 'lost';
  if (finishedAt === undefined) return 'runs';
  return `exit ${exitCode ?? '?'}${oomKilled === true ? ', out of memory' : ''}, ${timeWords(finishedAt - startedAt)}`;
}

function usageOf(worker: RunWorker): string {
  const usage = totalUsage([worker]);
  return usage === undefined ? '' : `, ${coreSecondsWords(usage)}, ${peakMemoryWords(usage)}`;
}

export function describeDifferences(differences: readonly RunDifference[]): string[] {
  const width = Math.max(0, ...differences.map(({ what }) => what.length));
  return differences.map(
    ({ what, left = '–', right = '–' }) => `  ${what.padEnd(width)}  ${left}  →  ${right}`,
  );
}

function outcomeWords({ outcome }: RunSummary): string {
  return outcome ?? 'going';
}

function durationWords({ startedAt, endedAt }: RunSummary): string {
  return endedAt === undefined ? '' : timeWords(endedAt - startedAt);
}
