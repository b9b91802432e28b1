import type { Disposable } from '#shared/domain/Disposable.ts';
import type { SweepJob, SweepProgress, SweepsState, SweepSummary, SweepTable } from '#shared/domain/Sweep.ts';
import { countJobs, jobsOf } from '#shared/sweep/sweepJobs.ts';
import { BackgroundWork } from '../study/BackgroundWork.ts';
import type { SweepNews, SweepOptions, SweepRequest, SweepService } from './SweepApi.ts';

/** The sweep that is under way, as `begins` told of it. */
type Begun = Extract<SweepNews, { kind: 'begins' }>;

/** Sweeps that go on in the background, one an app, for windows that come and go. */
export class SweepBoard implements Disposable {
  readonly #sweeps: SweepService;
  readonly #work = new BackgroundWork<SweepNews, SweepProgress>('sweep');
  readonly #begun = new Map<string, Begun>();
  /** As they were on the disk when they were last asked for: a large one is not read again with each of its jobs. */
  readonly #listed = new Map<string, SweepSummary[]>();

  constructor(sweeps: SweepService) {
    this.#sweeps = sweeps;
    this.#work.onChange((appId, news) => {
      if (news?.kind === 'begins') this.#begun.set(appId, news);
      if (this.#work.progress(appId) === undefined) this.#begun.delete(appId);
      if (news?.kind !== 'job') this.forget(appId);
    });
  }

  /** Called whenever something about an app's sweeps has changed; with the job where it is one of the sweep under way. */
  onChange(listener: (appId: string, job?: SweepJob) => void): Disposable {
    return this.#work.onChange((appId, news) => listener(appId, news?.kind === 'job' ? news.job : undefined));
  }

  async state(appId: string): Promise<SweepsState> {
    const sweeps = this.#listed.get(appId) ?? (await this.#sweeps.list(appId));
    this.#listed.set(appId, sweeps);
    const progress = this.#work.progress(appId);
    const begun = this.#begun.get(appId);
    const counts = begun === undefined ? undefined : countJobs(begun.jobs);
    return {
      sweeps: sweeps.map((sweep) =>
        counts !== undefined && sweep.id === begun?.plan.id ? { ...sweep, counts } : sweep,
      ),
      going: progress === undefined ? null : { ...progress, sweepId: begun?.plan.id, counts },
      error: this.#work.error(appId),
    };
  }

  /** Reads the app's sweeps from the disk again when they are next asked for. */
  forget(appId: string): void {
    this.#listed.delete(appId);
  }

  /** The table of a sweep as it stands. @throws FlotillaError `not-found` */
  async table(sweepId: string): Promise<SweepTable> {
    const record = await this.#sweeps.find(sweepId);
    const begun = this.#begun.get(record.plan.appId);
    return begun?.plan.id === record.plan.id
      ? { plan: begun.plan, jobs: [...begun.jobs] }
      : { plan: record.plan, jobs: jobsOf(record) };
  }

  /** Whether that sweep is the one of its app that is under way here. */
  isGoing({ id, appId }: { id: string; appId: string }): boolean {
    return this.#begun.get(appId)?.plan.id === id;
  }

  start(appId: string, options: SweepOptions): Promise<null> {
    return this.#begin(appId, (request) => this.#sweeps.run(appId, options, request));
  }

  /** @throws FlotillaError as the service does */
  async resume(sweepId: string, options: { retryFailed?: boolean | undefined }): Promise<null> {
    const { plan } = await this.#sweeps.find(sweepId);
    return this.#begin(plan.appId, (request) => this.#sweeps.resume(sweepId, options, request));
  }

  /** @throws FlotillaError `not-found` where none is under way */
  cancel(appId: string): void {
    this.#work.cancel(appId);
  }

  /** @throws FlotillaError as the service does */
  async remove(sweepId: string): Promise<null> {
    const { plan } = await this.#sweeps.find(sweepId);
    await this.#sweeps.remove(sweepId);
    this.forget(plan.appId);
    this.#work.tell(plan.appId);
    return null;
  }

  dispose(): void {
    this.#work.dispose();
  }

  #begin(appId: string, work: (request: SweepRequest) => Promise<unknown>): Promise<null> {
    return this.#work.begin(
      appId,
      { phase: 'preparing' },
      (before, news) => ({
        progress: progressAfter(before, news),
        hasBegun: news.kind === 'begins' || news.kind === 'queued',
      }),
      work,
    );
  }
}

function progressAfter(before: SweepProgress, news: SweepNews): SweepProgress {
  switch (news.kind) {
    case 'queued':
    case 'engine-lost':
      return { phase: news.kind };
    case 'begins':
      return { phase: 'running' };
    case 'job':
      return before.phase === 'running' ? before : { phase: 'running' };
  }
}
