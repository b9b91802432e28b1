/** What a build tells of a step that others have, too. */
export interface SharedNews {
  state: 'running' | 'done' | 'failed';
  cached: boolean;
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** Of a step that failed. */
  error: string;
  /** The last lines it printed. */
  tail: readonly string[];
}

/** One build that listens. */
export interface SharedListener {
  onNews(key: string, news: SharedNews): void;
  onLine(key: string, text: string): void;
}

interface Shared {
  listeners: Set<SharedListener>;
  latest: SharedNews | undefined;
}

/**
 * The steps that builds under way have in common. BuildKit does equal work of several builds once and tells only one of them of it: the others
 * hear of it here. What is known of a step is kept as long as a build has it.
 */
export class SharedSteps {
  readonly #steps = new Map<string, Shared>();

  /** Listens to what others tell of these steps, from what is known now on, until the returned function is called. */
  follow(keys: Iterable<string>, listener: SharedListener): () => void {
    const own = new Set(keys);
    for (const key of own) {
      const step = this.#steps.get(key) ?? { listeners: new Set(), latest: undefined };
      this.#steps.set(key, step);
      step.listeners.add(listener);
      if (step.latest !== undefined) listener.onNews(key, step.latest);
    }
    return () => {
      for (const key of own) {
        const step = this.#steps.get(key);
        step?.listeners.delete(listener);
        if (step?.listeners.size === 0) this.#steps.delete(key);
      }
    };
  }

  tell(key: string, news: SharedNews, from: SharedListener): void {
    const step = this.#steps.get(key);
    if (step === undefined) return;
    step.latest = news;
    for (const listener of step.listeners) if (listener !== from) listener.onNews(key, news);
  }

  line(key: string, text: string, from: SharedListener): void {
    for (const listener of this.#steps.get(key)?.listeners ?? [])
      if (listener !== from) listener.onLine(key, text);
  }
}
