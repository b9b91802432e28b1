import type { SweepEntry, SweepJob, SweepPlan, SweepRecord } from '#shared/domain/Sweep.ts';
import { jobsOf, noteEntry } from '#shared/sweep/sweepJobs.ts';
import type { SweepNews } from './SweepApi.ts';
import type { SweepStore } from './SweepStore.ts';

/** A sweep that goes on: its jobs as they stand, and its record on the disk, of which each piece of news is told. */
export class LiveSweep {
  readonly plan: SweepPlan;
  /** Elements are replaced as jobs go on. */
  readonly jobs: SweepJob[];
  /** Ids of the containers that run, by job. */
  readonly containers = new Map<number, string>();
  readonly #store: SweepStore;
  readonly #onNews: (news: SweepNews) => void;

  constructor(record: SweepRecord, store: SweepStore, onNews: (news: SweepNews) => void) {
    this.plan = record.plan;
    this.jobs = jobsOf(record);
    this.#store = store;
    this.#onNews = onNews;
  }

  /** A try of a job is under way; `since` in epoch milliseconds, its container where it is known. */
  running(index: number, since?: number, containerId?: string): void {
    if (containerId !== undefined) this.containers.set(index, containerId);
    this.#put(index, { state: 'running', runningSince: since });
  }

  /** It is not any more, and nothing came of it. */
  waiting(index: number): void {
    this.containers.delete(index);
    if (this.jobs[index]?.state === 'running')
      this.#put(index, { state: 'waiting', runningSince: undefined });
  }

  /** Writes something down, through to the disk, then tells it. */
  async note(entry: SweepEntry, log: readonly string[] = []): Promise<void> {
    if ('attempt' in entry && log.length > 0) await this.#store.writeLog(this.plan, entry.attempt, log);
    await this.#store.append(this.plan, entry);
    noteEntry(this.jobs, entry, this.plan);
    const changed = 'attempt' in entry ? [entry.attempt.job] : entry.again;
    for (const index of changed) {
      this.containers.delete(index);
      this.#tell(index);
    }
  }

  engineLost(message: string): void {
    this.#onNews({ kind: 'engine-lost', message });
  }

  #put(index: number, change: Partial<SweepJob>): void {
    const job = this.jobs[index];
    if (job === undefined) return;
    this.jobs[index] = { ...job, ...change };
    this.#tell(index);
  }

  #tell(index: number): void {
    const job = this.jobs[index];
    if (job !== undefined) this.#onNews({ kind: 'job', job });
  }
}
