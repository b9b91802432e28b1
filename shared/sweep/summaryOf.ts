import type { SweepRecord, SweepSummary } from '../domain/Sweep.ts';
import { countJobs, jobsOf } from './sweepJobs.ts';

/** What a list of sweeps tells of one, as its record has it: nothing runs. */
export function summaryOf(record: SweepRecord): SweepSummary {
  const { id, appId, title, name, service, parameters, createdAt } = record.plan;
  return { id, appId, title, name, service, parameters, createdAt, counts: countJobs(jobsOf(record)) };
}
