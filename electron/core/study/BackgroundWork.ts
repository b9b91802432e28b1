import { FlotillaError, toErrorShape, type ErrorShape } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';

interface Going<Progress> {
  progress: Progress;
  abort: AbortController;
}

/** Work that goes on in the background, one piece an app, for windows that come and go. */
export class BackgroundWork<News, Progress> implements Disposable {
  readonly #what: string;
  readonly #going = new Map<string, Going<Progress>>();
  readonly #errors = new Map<string, ErrorShape>();
  readonly #listeners = new Set<(appId: string, news?: News) => void>();

  /** @param what it is, e.g. `study` */
  constructor(what: string) {
    this.#what = what;
  }

  /** Called with each piece of news, and without one when work begins or is over. */
  onChange(listener: (appId: string, news?: News) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** How the app's work goes; undefined: none does. */
  progress(appId: string): Progress | undefined {
    return this.#going.get(appId)?.progress;
  }

  /** Why the app's last work ended early after it had begun; null when it did not, or was cancelled. */
  error(appId: string): ErrorShape | null {
    return this.#errors.get(appId) ?? null;
  }

  /** @throws FlotillaError `not-found` where none is under way */
  cancel(appId: string): void {
    const going = this.#going.get(appId);
    if (going === undefined)
      throw new FlotillaError('not-found', `No ${this.#what} of this app is under way.`);
    going.abort.abort();
  }

  dispose(): void {
    for (const { abort } of this.#going.values()) abort.abort();
    this.#listeners.clear();
  }

  /**
   * Begins work and answers when it has begun or waits for other work; it goes on whoever looks.
   * @param after the progress that a piece of news makes of the one before, and whether the work has begun or waits then
   * @throws FlotillaError `conflict` while there is some; why it could not begin
   */
  async begin(
    appId: string,
    first: Progress,
    after: (before: Progress, news: News) => { progress: Progress; hasBegun: boolean },
    work: (request: { signal: AbortSignal; onNews: (news: News) => void }) => Promise<unknown>,
  ): Promise<null> {
    if (this.#going.has(appId))
      throw new FlotillaError('conflict', `A ${this.#what} of this app is under way.`, {
        hint: 'Wait for it, or cancel it.',
      });
    const going: Going<Progress> = { progress: first, abort: new AbortController() };
    this.#going.set(appId, going);
    this.#errors.delete(appId);
    this.tell(appId);
    await new Promise<void>((resolve, reject) => {
      let isToldOf = false;
      const onNews = (news: News): void => {
        const { progress, hasBegun } = after(going.progress, news);
        going.progress = progress;
        this.tell(appId, news);
        isToldOf ||= hasBegun;
        if (isToldOf) resolve();
      };
      work({ signal: going.abort.signal, onNews })
        .then(() => resolve())
        .catch((error: unknown) => {
          const shape = toErrorShape(error);
          // Before it began, who started it is told.
          if (shape.code !== 'cancelled' && isToldOf) this.#errors.set(appId, shape);
          reject(error);
        })
        .finally(() => {
          this.#going.delete(appId);
          this.tell(appId);
        });
    });
    return null;
  }

  /** Something about the app's work has changed. */
  tell(appId: string, news?: News): void {
    for (const listener of this.#listeners) listener(appId, news);
  }
}
