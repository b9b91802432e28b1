import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { StudiesState, StudyProgress, StudyRecord } from '#shared/domain/Study.ts';
import type { StudyNews, StudyOptions, StudyRequest, StudyService } from './StudyApi.ts';

/** Told at once: enough to compare with, few enough to send each time something changes. */
const MOST_TOLD = 20;
const MOST_WITH_NAMED = 60;

interface Going {
  progress: StudyProgress;
  abort: AbortController;
}

/** Studies that go on in the background, one an app, for windows that come and go. */
export class StudyBoard implements Disposable {
  readonly #studies: StudyService;
  readonly #going = new Map<string, Going>();
  readonly #errors = new Map<string, StudiesState['error']>();
  readonly #listeners = new Set<(appId: string) => void>();

  constructor(studies: StudyService) {
    this.#studies = studies;
  }

  onChange(listener: (appId: string) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  async state(appId: string): Promise<StudiesState> {
    const all = await this.#studies.list(appId);
    const going = this.#going.get(appId)?.progress ?? null;
    return {
      records: all
        .filter(({ plan }) => plan.id !== going?.record?.plan.id)
        // What has a name is to be compared with, however old.
        .filter(({ plan: { name } }, index) => index < MOST_TOLD || name !== undefined)
        .slice(0, MOST_WITH_NAMED),
      going,
      error: this.#errors.get(appId) ?? null,
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
    const going = this.#going.get(appId);
    if (going === undefined) throw new FlotillaError('not-found', 'No study of this app is under way.');
    going.abort.abort();
  }

  dispose(): void {
    for (const { abort } of this.#going.values()) abort.abort();
    this.#listeners.clear();
  }

  async #begin(appId: string, work: (request: StudyRequest) => Promise<StudyRecord>): Promise<null> {
    if (this.#going.has(appId))
      throw new FlotillaError('conflict', 'A study of this app is under way.', {
        hint: 'Wait for it, or cancel it.',
      });
    const going: Going = {
      progress: { phase: 'preparing', done: 0, total: 0 },
      abort: new AbortController(),
    };
    this.#going.set(appId, going);
    this.#errors.delete(appId);
    this.tell(appId);
    await new Promise<void>((resolve, reject) => {
      let hasBegun = false;
      const onNews = (news: StudyNews): void => {
        going.progress = progressAfter(going.progress, news);
        this.tell(appId);
        hasBegun ||= news.kind === 'begins';
        if (hasBegun || news.kind === 'queued') resolve();
      };
      work({ signal: going.abort.signal, onNews })
        .then(() => resolve())
        .catch((error: unknown) => {
          const shape = toErrorShape(error);
          // Before it began, who started it is told.
          if (shape.code !== 'cancelled' && (hasBegun || going.progress.phase === 'queued'))
            this.#errors.set(appId, shape);
          reject(error);
        })
        .finally(() => {
          this.#going.delete(appId);
          this.tell(appId);
        });
    });
    return null;
  }

  /** Something about the app's studies has changed. */
  tell(appId: string): void {
    for (const listener of this.#listeners) listener(appId);
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
