import { toErrorShape } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { AutoscaleNews } from '#shared/domain/Autoscale.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { AutoscalePolicy } from '#shared/scaling/AutoscalePolicy.ts';
import { decideScale, NO_MEMORY, type ScaleSample } from '#shared/scaling/decideScale.ts';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import { CpuMeter } from './CpuMeter.ts';
import { readQueueLength } from './readQueueLength.ts';

/** What one service's autoscaling stands on. */
export interface AutoscaleHost {
  /** @throws FlotillaError `engine-unavailable` */
  client(): EngineClient;
  /** As the project's files say now. @throws FlotillaError when they cannot be read or the service is gone */
  service(): ServiceModel;
  policy(): AutoscalePolicy;
  /** Of the whole app. */
  containers(): readonly ContainerRecord[];
  /** Wanted now. */
  requested(): number;
  /** Resolves when they are there. */
  scale(replicas: number): Promise<void>;
  /** The present moment in local time. */
  now(): Date;
}

/**
 * Looks at a service from time to time and scales it by its policy. Looks never overlap: the next one comes `intervalMs` after the end of
 * the one before, whatever that did. What fails (an engine that is away, a queue that does not answer) is told once and tried again.
 */
export class Autoscaler implements Disposable {
  readonly #host: AutoscaleHost;
  readonly #name: string;
  readonly #onNews: (news: AutoscaleNews) => void;
  readonly #meter = new CpuMeter();
  readonly #abort = new AbortController();
  #memory = NO_MEMORY;
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #lastProblem: string | undefined;

  constructor(name: string, host: AutoscaleHost, onNews: (news: AutoscaleNews) => void) {
    this.#name = name;
    this.#host = host;
    this.#onNews = onNews;
    this.#next(0);
  }

  /** Resolves when nothing is under way any more; a scaling that has begun is finished. */
  async dispose(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#look;
  }

  #next(afterMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#look = this.#tick().finally(() => this.#next(this.#intervalMs()));
    }, afterMs);
  }

  #intervalMs(): number {
    try {
      return this.#host.policy().intervalMs;
    } catch {
      return PATIENCE_MS;
    }
  }

  async #tick(): Promise<void> {
    try {
      const policy = this.#host.policy();
      const sample = await this.#sample(policy);
      const { memory, to, wanted, reason } = decideScale(policy, this.#memory, sample);
      this.#memory = memory;
      const news = { at: Date.now(), service: this.#name, from: sample.replicas, wanted, reason };
      if (to === undefined) this.#onNews({ ...news, kind: 'look' });
      else {
        this.#onNews({ ...news, kind: 'scale', wanted: to });
        await this.#host.scale(to);
      }
      this.#lastProblem = undefined;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const { message } = toErrorShape(error);
      if (message === this.#lastProblem) return;
      this.#lastProblem = message;
      this.#onNews({ kind: 'problem', at: Date.now(), service: this.#name, reason: message });
    }
  }

  async #sample(policy: AutoscalePolicy): Promise<ScaleSample> {
    const { signal } = this.#abort;
    const client = this.#host.client();
    const all = this.#host.containers();
    const own = all.filter(({ service, state }) => service === this.#name && state === 'running');
    const now = this.#host.now();
    const [cores, queue] = await Promise.all([
      policy.cpuTarget === undefined
        ? undefined
        : this.#meter.measure(
            client,
            own.map(({ id }) => id),
            signal,
          ),
      policy.queue === undefined ? undefined : readQueueLength(policy.queue.source, client, all, signal),
    ]);
    return {
      replicas: this.#host.requested(),
      running: own.length,
      cpu: cores === undefined ? undefined : cores / (this.#host.service().cpus ?? 1),
      queue,
      minuteOfDay: now.getHours() * 60 + now.getMinutes(),
      day: now.getDay(),
    };
  }
}

/** While the files cannot be read. */
const PATIENCE_MS = 5_000;
