import type { AutoscaleNews, AutoscaleView } from '#shared/domain/Autoscale.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { AutoscalePolicy } from '#shared/scaling/AutoscalePolicy.ts';

/** Decisions kept of each service, the newest first. */
const MOST_NEWS = 100;

interface Kept {
  /** Set while it is scaled by itself. */
  abort: AbortController | undefined;
  ended: Promise<void>;
  news: AutoscaleNews[];
  last: AutoscaleNews | undefined;
}

type Run = (service: string, signal: AbortSignal, onNews: (news: AutoscaleNews) => void) => Promise<void>;

/** Which services of an app are scaled by themselves now, and what was decided. */
export class AutoscaleKeeper implements Disposable {
  readonly #services = new Map<string, Kept>();
  readonly #run: Run;
  readonly #changed: () => void;

  /** @param run scales a service until the signal aborts, see autoscaleApp */
  constructor(run: Run, changed: () => void) {
    this.#run = run;
    this.#changed = changed;
  }

  /** Does nothing for a service that is scaled by itself already. */
  start(service: string): void {
    const kept = this.#of(service);
    if (kept.abort !== undefined) return;
    const abort = new AbortController();
    kept.abort = abort;
    this.#note(service, { kind: 'on', at: Date.now(), service });
    kept.ended = kept.ended
      .then(() => this.#run(service, abort.signal, (news) => this.#note(service, news)))
      .catch((error: unknown) => {
        if (kept.abort === abort) this.#off(service, toErrorShape(error).message);
      });
  }

  /** @param reason why it is left to the person now */
  stop(service: string, reason: string): void {
    if (this.isOn(service)) this.#off(service, reason);
  }

  stopAll(reason: string): void {
    for (const service of this.#services.keys()) this.stop(service, reason);
  }

  isOn(service: string): boolean {
    return this.#services.get(service)?.abort !== undefined;
  }

  view({ name, autoscale }: ServiceModel): AutoscaleView | undefined {
    if (autoscale === undefined) return undefined;
    const kept = this.#services.get(name);
    return {
      on: kept?.abort !== undefined,
      min: autoscale.min,
      max: autoscale.max,
      by: signalsOf(autoscale),
      last: kept?.last,
      news: kept?.news ?? [],
    };
  }

  async dispose(): Promise<void> {
    for (const { abort } of this.#services.values()) abort?.abort();
    await Promise.all([...this.#services.values()].map(({ ended }) => ended));
  }

  #off(service: string, reason: string): void {
    const kept = this.#of(service);
    kept.abort?.abort();
    kept.abort = undefined;
    this.#note(service, { kind: 'off', at: Date.now(), service, reason });
  }

  #of(service: string): Kept {
    let kept = this.#services.get(service);
    if (kept === undefined) {
      kept = { abort: undefined, ended: Promise.resolve(), news: [], last: undefined };
      this.#services.set(service, kept);
    }
    return kept;
  }

  #note(service: string, news: AutoscaleNews): void {
    const kept = this.#of(service);
    kept.last = news;
    // A look at which nothing was done is shown, not kept.
    if (news.kind !== 'look') kept.news = [news, ...kept.news].slice(0, MOST_NEWS);
    this.#changed();
  }
}

function signalsOf({ cpuTarget, queue, schedule }: AutoscalePolicy): string[] {
  return [
    ...(cpuTarget === undefined ? [] : [`CPU at ${Math.round(cpuTarget * 100)} %`]),
    ...(queue === undefined ? [] : [`${queue.perWorker} waiting jobs for each`]),
    ...(schedule === undefined ? [] : ['a schedule']),
  ];
}
