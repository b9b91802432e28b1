import type { Disposable } from '#shared/domain/Disposable.ts';
import type { StudiesState, StudyProgress, StudyRecord } from '#shared/domain/Study.ts';
import { BackgroundWork } from './BackgroundWork.ts';
import type { StudyNews, StudyOptions, StudyRequest, StudyService } from './StudyApi.ts';

/** Told at once: enough to compare with, few enough to send each time something changes. */
const MOST_TOLD = 20;
const MOST_WITH_NAMED = 60;

/** Studies that go on in the background, one an app, for windows that come and go. */
export class StudyBoard implements Disposable {
  readonly #studies: StudyService;
  readonly #work = new BackgroundWork<StudyNews, StudyProgress>('study');

  constructor(studies: StudyService) {
    this.#studies = studies;
  }

  onChange(listener: (appId: string) => void): Disposable {
    return this.#work.onChange(listener);
  }

  async state(appId: string): Promise<StudiesState> {
    const all = await this.#studies.list(appId);
    const going = this.#work.progress(appId) ?? null;
    return {
      records: all
        .filter(({ plan }) => plan.id !== going?.record?.plan.id)
        // What has a name is to be compared with, however old.
        .filter(({ plan: { name } }, index) => index < MOST_TOLD || name !== undefined)
        .slice(0, MOST_WITH_NAMED),
      going,
      error: this.#work.error(appId),
    };
  }

  start(appId: string, options: StudyOptions): Promise<null> {
    return this.#begin(appId, (request) => this.#studies.run(appId, options, request));
  }

  resume(appId: string): Promise<null> {
    return this.#begin(appId, (request) => this.#studies.resume(appId, request));
  }

  /** @throws FlotillaError `not-found` where none is under way */
  cancel(appId: string): void {
    this.#work.cancel(appId);
  }

  dispose(): void {
    this.#work.dispose();
  }

  /** Something about the app's studies has changed. */
  tell(appId: string): void {
    this.#work.tell(appId);
  }

  #begin(appId: string, work: (request: StudyRequest) => Promise<StudyRecord>): Promise<null> {
    return this.#work.begin(
      appId,
      { phase: 'preparing', done: 0, total: 0 },
      (before, news) => ({
        progress: progressAfter(before, news),
        hasBegun: news.kind === 'begins' || news.kind === 'queued',
      }),
      work,
    );
  }
}

function progressAfter(before: StudyProgress, news: StudyNews): StudyProgress {
  switch (news.kind) {
    case 'queued':
      return { ...before, phase: 'queued' };
    case 'engine-lost':
      return { ...before, phase: 'engine-lost' };
    case 'begins':
      return { phase: 'running', record: news.record, done: news.done, total: news.total };
    case 'running':
      return { ...before, phase: 'running', run: news.run, done: news.done, total: news.total };
    case 'ran':
      return { ...before, done: news.done, total: news.total };
  }
}
