import type {
  SweepAttempt,
  SweepCounts,
  SweepEntry,
  SweepJob,
  SweepPlan,
  SweepRecord,
} from '../domain/Sweep.ts';

/** The jobs of a sweep as its entries leave them: none runs. */
export function jobsOf({ plan, entries }: SweepRecord): SweepJob[] {
  const jobs = plan.rows.map(
    (_, index): SweepJob => ({ index, state: 'waiting', tries: 0, left: plan.retries + 1 }),
  );
  for (const entry of entries) noteEntry(jobs, entry, plan);
  return jobs;
}

/** What an entry makes of the jobs, whose elements are replaced. */
export function noteEntry(jobs: SweepJob[], entry: SweepEntry, plan: SweepPlan): void {
  if ('again' in entry) {
    for (const index of entry.again) {
      const job = jobs[index];
      if (job?.state === 'failed')
        jobs[index] = { ...job, state: 'waiting', left: plan.retries + 1, runningSince: undefined };
    }
    return;
  }
  const job = jobs[entry.attempt.job];
  if (job !== undefined) jobs[job.index] = afterAttempt(job, entry.attempt);
}

function afterAttempt(job: SweepJob, attempt: SweepAttempt): SweepJob {
  const left = Math.max(0, job.left - 1);
  return {
    index: job.index,
    // What went well once is done for good.
    state: job.state === 'ok' || attempt.outcome === 'ok' ? 'ok' : left > 0 ? 'waiting' : 'failed',
    tries: Math.max(job.tries + 1, attempt.number),
    left,
    last: attempt,
  };
}

/** The job that goes next: those that were tried least first, then by their order; undefined where none waits. */
export function nextJob(jobs: readonly SweepJob[]): SweepJob | undefined {
  let best: SweepJob | undefined;
  for (const job of jobs)
    if (job.state === 'waiting' && (best === undefined || job.tries < best.tries)) best = job;
  return best;
}

export function countJobs(jobs: readonly SweepJob[]): SweepCounts {
  const counts: SweepCounts = { waiting: 0, running: 0, ok: 0, failed: 0 };
  for (const { state } of jobs) counts[state] += 1;
  return counts;
}

/** Whether jobs are left that were not tried as often as they may be. */
export const isUnfinished = ({ waiting, running }: SweepCounts): boolean => waiting + running > 0;
